using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageBilling.Runtime.Embedded;

namespace UsageBilling.Tests.System.Embedded;

/// <summary>A temporary folder with a data folder in it; afterwards the server is stopped and everything is gone.</summary>
public sealed class Place : IAsyncDisposable
{
    private const string Prefix = "usagebilling-place-";
    private static readonly Lazy<Task> Cleared = new(ClearDead);

    private Place(string root) => Root = root;

    public string Root { get; }

    public string DataFolder => Path.Combine(Root, "data", "pg");

    public EmbeddedPostgresOptions Options => new()
    {
#pragma warning disable RS0030 // Tests are a composition root: waits for a real server take real time
        Clock = TimeProvider.System,
#pragma warning restore RS0030
        DataFolder = DataFolder,
        StateFolder = Path.Combine(StateRoot, Path.GetFileName(Root)),
    };

    private static string StateRoot => "/var/tmp";

    public static async Task<Place> Make(bool enterable = true)
    {
        await Cleared.Value;
        var root = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName; // mode 700
        if (enterable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(root, File.GetUnixFileMode(root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new Place(root);
    }

    public Task<EmbeddedPostgres> Start() => EmbeddedPostgres.Start(Options, default);

    /// <summary>The problem and the sentence of a start that must fail.</summary>
    public async Task<EmbeddedPostgresException> Refusal(EmbeddedPostgresOptions? options = null)
    {
        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Start(options ?? Options, default));
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal;
    }

    /// <summary>A test run that was killed leaves servers running; the next one stops them.</summary>
    private static async Task ClearDead()
    {
        foreach (var root in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var process = int.Parse(Path.GetFileName(root)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture);
            if (Process.GetProcesses().Any(running => running.Id == process)) continue;
            await new Place(root).DisposeAsync();
        }
    }

    public static async Task<object?> Ask(string connectionString, string question)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Questions are literals of these tests
        await using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EmbeddedPostgres.Reset(Options, default);
        }
        catch (EmbeddedPostgresException)
        {
            // A foreign or damaged folder; it goes with the rest
        }
        Directory.Delete(Root, recursive: true);
        if (Directory.Exists(Options.StateFolder)) Directory.Delete(Options.StateFolder, recursive: true);
    }
}
