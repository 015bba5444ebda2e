namespace Trainer.Runs;

/// <summary>Which training of a cross-validation runs.</summary>
/// <param name="Number">The fold that is tested, from 1; null: the training on all rows after the folds.</param>
/// <param name="Count">Folds.</param>
internal sealed record FoldPlace(int? Number, int Count);
