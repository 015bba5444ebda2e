using Xunit;

namespace Trainer.Data;

/// <summary>Real files that are not part of the repository: the folder <c>shared/data</c> beside it or above.</summary>
internal static class SharedData
{
    /// <summary>Registers a file, or skips the test and says what is missing.</summary>
    /// <param name="path">Path below the folder.</param>
    public static DataSource Find(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "shared", "data", path);
            if (File.Exists(file))
            {
                return Catalogue.Register(file);
            }
        }

        Assert.Skip($"'shared/data/{path}' is not there: real data stands beside a checkout, not in it.");
        return null;
    }
}
