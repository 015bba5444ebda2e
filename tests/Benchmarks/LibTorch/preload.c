/* Loaded before libtorch by 'run'; see there. */

#ifdef STREAMS
/* Since GCC 13 in libstdc++, instead of an std::ios_base::Init in each file that uses the streams. */
extern void _ZNSt8ios_base4InitC1Ev(void *self);

void _ZSt21ios_base_library_initv(void)
{
    static char init;
    _ZNSt8ios_base4InitC1Ev(&init);
}
#endif

/* MKL takes its AVX-512 kernels only where this says yes and the processor has them. */
int mkl_serv_intel_cpu_true(void)
{
    return 1;
}
