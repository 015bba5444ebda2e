namespace Trainer.Errors;

/// <summary>Training produced a NaN or an infinite value (exit code 3); the message names step and place.</summary>
[GenerateSerializer, Alias("trainer.diverged-exception")]
public sealed class DivergedException : TrainerException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">One line that names the step and the tensor or the loss.</param>
    public DivergedException(string message)
        : base(message)
    {
    }

    /// <summary>An error that says what happened and what to do.</summary>
    /// <param name="what">The subject of the sentence: step or part, and the tensor or the loss.</param>
    /// <param name="learningRate">The job's learning rate.</param>
    public static DivergedException Because(string what, double learningRate) => new(
        $"{what} became NaN or infinite. Lower 'optimizer.learning_rate' ({learningRate}) or scale the data "
        + "('preprocess.numeric').");
}
