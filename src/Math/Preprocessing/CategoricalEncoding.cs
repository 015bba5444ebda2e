namespace Trainer.Preprocessing;

/// <summary>How text columns become numbers.</summary>
public enum CategoricalEncoding
{
    /// <summary>One input a category, 1 for its own and 0 for the others; an unseen category is 0 in all.</summary>
    OneHot,

    /// <summary>One input: the number of the category, from 0, then scaled; an unseen category is -1.</summary>
    Ordinal,
}
