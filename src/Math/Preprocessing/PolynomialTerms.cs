using System.Collections.Immutable;

namespace Trainer.Preprocessing;

/// <summary>Powers and products of numeric inputs, after they were scaled.</summary>
/// <remarks>
/// Without interactions: the powers 2 to <c>degree</c> of each input. With them: also the products of several inputs,
/// of total degree at most max(2, <c>degree</c>), no input above the power <c>degree</c>; so degree 2 gives the terms
/// of scikit-learn's PolynomialFeatures(2), and degree 1 only the products of two different inputs. Terms stand by
/// total degree, then by their inputs.
/// </remarks>
internal sealed class PolynomialTerms
{
    private readonly ImmutableArray<ImmutableArray<int>> _terms;

    private PolynomialTerms(ImmutableArray<ImmutableArray<int>> terms)
    {
        _terms = terms;
    }

    /// <summary>Terms.</summary>
    public int Count => _terms.Length;

    /// <summary>The terms over some inputs.</summary>
    /// <param name="inputs">Indices of the numeric inputs.</param>
    /// <param name="degree">Highest power.</param>
    /// <param name="interactions">Whether inputs are multiplied with each other.</param>
    /// <param name="most">Most terms.</param>
    /// <returns>The terms; null: there are more.</returns>
    public static PolynomialTerms? Create(ImmutableArray<int> inputs, int degree, bool interactions, int most)
    {
        ImmutableArray<ImmutableArray<int>>.Builder terms = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        int total = interactions ? Math.Max(2, degree) : degree;
        for (int size = 2; size <= total; size++)
        {
            if (!Extend(terms, inputs, new int[size], 0, 0, degree, interactions, most))
            {
                return null;
            }
        }

        return new PolynomialTerms(terms.ToImmutable());
    }

    /// <summary>Computes the terms of a row.</summary>
    /// <param name="inputs">The inputs of the row.</param>
    /// <param name="terms">Receives the terms, shape [<see cref="Count"/>].</param>
    public void Compute(ReadOnlySpan<double> inputs, Span<double> terms)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            double product = 1;
            foreach (int input in _terms[i])
            {
                product *= inputs[input];
            }

            terms[i] = product;
        }
    }

    /// <summary>The first input of a term.</summary>
    public int FirstInput(int term) => _terms[term][0];

    /// <summary>Names of the terms, such as <c>x^2</c> and <c>x*y</c>.</summary>
    /// <param name="inputs">Names of the inputs.</param>
    public IEnumerable<string> Names(IReadOnlyList<string> inputs) => _terms.Select(term => string.Join(
        '*',
        term.GroupBy(input => input).Select(
            group => group.Count() == 1 ? inputs[group.Key] : $"{inputs[group.Key]}^{group.Count()}")));

    private static bool Extend(
        ImmutableArray<ImmutableArray<int>>.Builder terms,
        ImmutableArray<int> inputs,
        int[] chosen,
        int depth,
        int first,
        int degree,
        bool interactions,
        int most)
    {
        if (depth == chosen.Length)
        {
            terms.Add([.. chosen.Select(index => inputs[index])]);
            return terms.Count <= most;
        }

        int last = !interactions && depth > 0 ? first + 1 : inputs.Length;
        for (int index = first; index < last; index++)
        {
            chosen[depth] = index;
            bool tooHigh = depth >= degree && chosen[depth - degree] == index;
            if (!tooHigh && !Extend(terms, inputs, chosen, depth + 1, index, degree, interactions, most))
            {
                return false;
            }
        }

        return true;
    }
}
