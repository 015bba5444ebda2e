using System.Text.Json.Nodes;

using Trainer.Reporting;

namespace Trainer.Diagnosis;

/// <summary>The findings as a person or a program reads them.</summary>
internal static class DoctorReport
{
    /// <summary>A line a finding; what to do stands below it.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings)
    {
        int name = findings.Max(finding => finding.Name.Length);
        int state = findings.Max(finding => Word(finding.State).Length);
        foreach (Finding finding in findings)
        {
            yield return $"{Word(finding.State).PadRight(state)}  {finding.Name.PadRight(name)}  {finding.Text}";
            if (finding.Advice is { } advice)
            {
                yield return $"{new string(' ', state + name + 4)}-> {advice}";
            }
        }
    }

    /// <summary>One JSON object on one line.</summary>
    public static string ToJson(IReadOnlyList<Finding> findings) => JsonEvents.Line(new JsonObject
    {
        ["state"] = Word(findings.Max(finding => finding.State)),
        ["checks"] = new JsonArray([.. findings.Select(ToJson)]),
    });

    private static JsonObject ToJson(Finding finding)
    {
        var json = new JsonObject
        {
            ["name"] = finding.Name,
            ["state"] = Word(finding.State),
            ["text"] = finding.Text,
            ["advice"] = finding.Advice,
        };
        foreach ((string name, JsonValue value) in finding.Facts)
        {
            json[name] = value.DeepClone();
        }

        return json;
    }

    private static string Word(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Warn => "warn",
        _ => "broken",
    };
}
