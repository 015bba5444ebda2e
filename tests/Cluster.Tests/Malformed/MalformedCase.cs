namespace Trainer.Malformed;

/// <summary>One command line whose input cannot be used.</summary>
/// <param name="Arguments">The command line, separated by blanks.</param>
/// <param name="Write">Makes the input in the working folder.</param>
/// <param name="Named">What the one line of the error has to name: file or key, place, reason.</param>
internal sealed record MalformedCase(string Arguments, Action<string> Write, params string[] Named);
