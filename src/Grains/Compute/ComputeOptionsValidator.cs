using Microsoft.Extensions.Options;

namespace Trainer.Compute;

/// <summary>Checks <see cref="ComputeOptions"/> by its attributes when the silo starts.</summary>
[OptionsValidator]
internal sealed partial class ComputeOptionsValidator : IValidateOptions<ComputeOptions>;
