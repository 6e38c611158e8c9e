using UsageBilling.Runtime.Embedded;

namespace UsageBilling.Tests.System.Embedded;

public sealed class RefusedFoldersTests
{
    [Fact]
    public async Task A_folder_with_other_things_in_it_is_refused_and_left_alone()
    {
        await using var place = await Place.Make();
        Directory.CreateDirectory(place.DataFolder);
        var photo = Path.Combine(place.DataFolder, "holiday.jpg");
        await File.WriteAllTextAsync(photo, "sun");

        var refusal = await place.Refusal();

        Assert.Equal(EmbeddedPostgresProblem.FolderForeign, refusal.Problem);
        Assert.Contains(place.DataFolder, refusal.Message, StringComparison.Ordinal);
        Assert.Equal([photo], Directory.GetFileSystemEntries(place.DataFolder));
    }

    [Fact]
    public async Task Reset_refuses_a_folder_it_did_not_make()
    {
        await using var place = await Place.Make();
        Directory.CreateDirectory(Path.Combine(place.DataFolder, "pg"));
        await File.WriteAllTextAsync(Path.Combine(place.DataFolder, "pg", "PG_VERSION"), "15\n");

        var refusal = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Reset(place.Options, default));

        Assert.Equal(EmbeddedPostgresProblem.FolderForeign, refusal.Problem);
        Assert.True(File.Exists(Path.Combine(place.DataFolder, "pg", "PG_VERSION")));
    }

    [Fact]
    public async Task Reset_stops_the_server_deletes_its_cluster_and_nothing_else()
    {
        await using var place = await Place.Make();
        var server = await place.Start();
        await Place.Ask(server.ConnectionString, "CREATE TABLE proof AS SELECT 1");
        var note = Path.Combine(place.DataFolder, "note.txt");
        await File.WriteAllTextAsync(note, "mine");

        Assert.Equal(place.DataFolder, await EmbeddedPostgres.Reset(place.Options, default));

        Assert.Null(server.ProcessId);
        Assert.False(Directory.Exists(Path.Combine(place.DataFolder, "pg")));
        Assert.True(File.Exists(note));
        Assert.Null(await EmbeddedPostgres.Reset(place.Options, default));
        await using var second = await place.Start();
        Assert.False(second.ReusedExistingCluster);
        Assert.Null(await Place.Ask(second.ConnectionString, "SELECT to_regclass('proof')::text") as string);
    }

    [Fact]
    public async Task Nothing_to_reset_is_no_error()
    {
        await using var place = await Place.Make();
        Assert.Null(await EmbeddedPostgres.Reset(place.Options, default));
        Assert.False(Path.Exists(place.DataFolder));
    }

    [Theory]
    [InlineData("PG_VERSION")]
    [InlineData("global/pg_control")]
    [InlineData("postgresql.conf")]
    public async Task A_cluster_with_a_missing_file_is_refused_by_name(string file)
    {
        await using var place = await Place.Make();
        await Stopped(place);
        File.Delete(Path.Combine(place.DataFolder, "pg", file));

        var refusal = await place.Refusal();

        Assert.Equal(EmbeddedPostgresProblem.ServerFailed, refusal.Problem);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(place.DataFolder, refusal.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(place.DataFolder, "pg", "base")));
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_refused()
    {
        await using var place = await Place.Make();
        await Stopped(place);
        await File.WriteAllTextAsync(Path.Combine(place.DataFolder, "pg", "PG_VERSION"), "9\n");

        var refusal = await place.Refusal();

        Assert.Equal(EmbeddedPostgresProblem.OtherVersion, refusal.Problem);
        Assert.Contains("PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_up_is_quoted_with_its_last_words()
    {
        await using var place = await Place.Make();
        await Stopped(place);
        var control = Path.Combine(place.DataFolder, "pg", "global", "pg_control");
        await File.WriteAllBytesAsync(control, new byte[8192]);

        var refusal = await place.Refusal();

        Assert.Equal(EmbeddedPostgresProblem.ServerFailed, refusal.Problem);
        Assert.Contains(place.DataFolder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("FATAL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_initdb_is_done_again()
    {
        await using var place = await Place.Make();
        Directory.CreateDirectory(Path.Combine(place.DataFolder, "initialising-1-1", "base"));
        await File.WriteAllTextAsync(Path.Combine(place.DataFolder, "usagebilling-cluster"), "");
        await File.WriteAllTextAsync(Path.Combine(place.DataFolder, "initialising-1-1", "PG_VERSION"), "15\n");

        await using var server = await place.Start();

        Assert.False(server.ReusedExistingCluster);
        Assert.Equal(1, await Place.Ask(server.ConnectionString, "SELECT 1"));
        Assert.Empty(Directory.GetDirectories(place.DataFolder, "initialising-*"));
    }

    [Fact]
    public async Task Missing_binaries_are_said_with_the_way_to_get_them()
    {
        await using var place = await Place.Make();

        var refusal = await place.Refusal(place.Options with { BinariesFolder = place.Root });

        Assert.Equal(EmbeddedPostgresProblem.ServerMissing, refusal.Problem);
        Assert.Contains("apt-get install postgresql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_a_file_or_cannot_be_made_is_said()
    {
        await using var place = await Place.Make();
        await File.WriteAllTextAsync(Path.Combine(place.Root, "data"), "");
        Assert.Equal(EmbeddedPostgresProblem.FolderUnusable, (await place.Refusal()).Problem);

        var file = await place.Refusal(place.Options with { DataFolder = Path.Combine(place.Root, "data") });
        Assert.Equal(EmbeddedPostgresProblem.FolderForeign, file.Problem);
    }

    /// <summary>Root only: anybody else's server runs under the account that made the folder.</summary>
    [Fact]
    public async Task Below_a_closed_folder_root_gets_a_state_folder_that_is_found_again()
    {
        if (!Environment.IsPrivilegedProcess) return;
        await using var place = await Place.Make(enterable: false);
        string folder;
        await using (var first = await place.Start())
        {
            folder = first.DataFolder;
            Assert.StartsWith(place.Options.StateFolder!, folder, StringComparison.Ordinal);
            Assert.False(Path.Exists(place.DataFolder));
            await Place.Ask(first.ConnectionString, "CREATE TABLE proof AS SELECT 42 AS answer");
        }

        await using var second = await place.Start();

        Assert.Equal(folder, second.DataFolder);
        Assert.Equal(42, await Place.Ask(second.ConnectionString, "SELECT answer FROM proof"));
        await using var other = await EmbeddedPostgres.Start(place.Options with { DataFolder = place.DataFolder + "2" }, default);
        Assert.NotEqual(folder, other.DataFolder);
    }

    /// <summary>Not for root, whom no mode stops.</summary>
    [Fact]
    public async Task A_folder_without_write_permission_is_said()
    {
        if (Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()) return;
        await using var place = await Place.Make();
        File.SetUnixFileMode(place.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var refusal = await place.Refusal();

        Assert.Equal(EmbeddedPostgresProblem.FolderUnusable, refusal.Problem);
        Assert.Contains(place.DataFolder, refusal.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(place.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task Stopped(Place place)
    {
        await using var server = await place.Start();
    }
}
