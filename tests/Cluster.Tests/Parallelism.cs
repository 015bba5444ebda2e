// Each test starts several processes; two at once on two cores would time out each other's figures.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
