using Trainer.Errors;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Trainer.Jobs.Documents;

/// <summary>Text of YAML or JSON (which is YAML) to nodes with places.</summary>
/// <remarks>
/// Smaller than YAML on purpose: one document, no anchors, aliases or tags, text keys that are unique, bounded size
/// and depth. So a hostile file costs no more than its length.
/// </remarks>
internal sealed class YamlReader
{
    /// <summary>Largest text, in characters and in bytes of a file: 1 MiB.</summary>
    public const int LargestText = 1 << 20;

    private const int Deepest = 64;

    private readonly string _source;
    private readonly bool _lines;
    private readonly Parser _parser;

    private YamlReader(string text, string source, bool lines)
    {
        _source = source;
        _lines = lines;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <param name="lines">Whether errors give lines.</param>
    /// <returns>The document; null when there is none.</returns>
    /// <exception cref="ConfigurationException">It is not such YAML.</exception>
    public static SourceNode? Read(string text, string source, bool lines)
    {
        if (text.Length > LargestText)
        {
            throw Problem.At(
                new Place(source, 0),
                $"the text is larger than {LargestText} characters; a job file is a few lines of YAML or JSON.");
        }

        RefuseStrangeCharacters(text, source, lines);
        var reader = new YamlReader(text, source, lines);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException error)
        {
            (int line, string reason) = Explain(error, text);
            throw Problem.At(new Place(source, lines ? line : 0), $"not valid YAML: {reason}.");
        }
        catch (Exception error) when (error
            is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or FormatException or OverflowException)
        {
            // Some malformed texts fail the library's checks of itself, which know no line: it is near the last node.
            long line = reader._parser.Current?.End.Line ?? 1;
            throw Problem.At(
                    new Place(source, lines ? (int)line : 0), "not valid YAML: the text cannot be read from here on.");
        }
    }

    private static (int Line, string Reason) Explain(YamlException error, string text)
    {
        int line = (int)error.Start.Line;
        if (error.Message.Contains(" tab ", StringComparison.Ordinal))
        {
            // The scanner blames the token before the tab.
            int[] tabbed =
            [
                .. text.Split('\n').Index().Skip(line - 1)
                    .Where(row => row.Item.TakeWhile(char.IsWhiteSpace).Contains('\t'))
                    .Select(row => row.Index + 1)
                    .Take(1),
            ];
            return (tabbed is [int first] ? first : line, "a tab indents this line; use spaces");
        }

        string reason = Problem.Line(error.Message).TrimEnd('.');
        return (line, $"{char.ToLowerInvariant(reason[0])}{reason[1..]}");
    }

    private static void RefuseStrangeCharacters(string text, string source, bool lines)
    {
        int line = 1;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            line += c == '\n' ? 1 : 0;
            bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if ((c < ' ' && c is not ('\n' or '\r' or '\t')) || c == '\u007f' || (char.IsSurrogate(c) && !pair))
            {
                throw Problem.At(
                    new Place(source, lines ? line : 0),
                    $"the text holds the character U+{(int)c:X4}; a job file is plain text in UTF-8.");
            }

            i += pair ? 1 : 0;
        }
    }

    private SourceNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        SourceNode root = ReadNode(1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
        {
            throw Problem.At(At(second), "a second YAML document starts here; a job file holds one.");
        }

        return root;
    }

    private SourceNode ReadNode(int depth)
    {
        ParsingEvent current = _parser.Current
            ?? throw new InvalidOperationException("The document ended in the middle.");
        Place place = At(current);
        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Problem.At(place, "anchors (&) and aliases (*) are not allowed in a job file; write the value out.");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            throw Problem.At(place, "tags (!) are not allowed in a job file; put text in quotes instead.");
        }

        if (depth > Deepest)
        {
            throw Problem.At(place, $"the text is nested deeper than {Deepest} levels.");
        }

        if (_parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return new ScalarNode(place, scalar.Value, scalar.Style != ScalarStyle.Plain);
        }

        return _parser.TryConsume<SequenceStart>(out _) ? ReadList(place, depth) : ReadMap(place, depth);
    }

    private ListNode ReadList(Place place, int depth)
    {
        var items = new List<SourceNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new ListNode(place, items);
    }

    private MapNode ReadMap(Place place, int depth)
    {
        _parser.Consume<MappingStart>();
        var map = new MapNode(place);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            SourceNode name = ReadNode(depth + 1);
            if (name is not ScalarNode key)
            {
                throw Problem.At(name.Place, "a key is a list or a map; keys are names.");
            }

            if (map.Entries.TryGetValue(key.Text, out MapEntry? first))
            {
                string where = first.Place.Line > 0 ? $" (first in line {first.Place.Line})" : "";
                throw Problem.At(key.Place, $"the key '{Problem.Quote(key.Text)}' is given twice{where}.");
            }

            map.Entries.Add(key.Text, new MapEntry(key.Place, ReadNode(depth + 1)));
        }

        return map;
    }

    private Place At(ParsingEvent item) => new(_source, _lines ? (int)item.Start.Line : 0);
}
