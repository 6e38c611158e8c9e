using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Commands;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Secrets;

/// <summary>The key ring lies in the database; the key that opens it lies in a file.</summary>
public sealed class KeyFileTests : IAsyncLifetime
{
    private const string Secret = "hunter2";

    private readonly string folder = Directory.CreateTempSubdirectory("usagebilling-keys-").FullName;
    private string connection = "";
    private NpgsqlDataSource database = null!;

    public async Task InitializeAsync()
    {
        connection = await PostgresFixture.FreshDatabase();
        database = NpgsqlDataSource.Create(connection);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await PostgresFixture.Drop(connection);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_database_alone_reveals_no_secret()
    {
        var file = Made("hub.key");

        var integration = await Stored(file);

        Assert.Equal(Secret, await Revealed(integration, file));
        Assert.Equal(("1", "0"), (await Keys("%sealedKey%"), await Keys("%<value>%")));
        Assert.Equal(0, await Scalar("select count(*) from integration where secret_protected like '%hunter2%'"));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => RevealedBy(KeyFileOf(null), integration));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => RevealedBy(KeyFileOf(Made("thief.key")), integration));
        Assert.Equal(Secret, await RevealedBy(KeyFileOf(file), integration));
    }

    [Fact]
    public async Task An_open_ring_is_still_read_and_what_it_protected_is_protected_anew()
    {
        var integration = await Stored(null);
        Assert.Equal(("0", "1"), (await Keys("%sealedKey%"), await Keys("%<value>%")));
        var before = await StoredSecret(integration);
        var file = Made("hub.key");

        Assert.Equal(Secret, await Revealed(integration, file));

        Assert.Equal(("1", "1"), (await Keys("%sealedKey%"), await Keys("%<value>%")));
        Assert.NotEqual(before, await StoredSecret(integration));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => RevealedBy(KeyFileOf(null), integration));
        var after = await StoredSecret(integration);
        await using (await SiloServer.Start(new SiloOptions { ConnectionString = connection, Clock = Hub.Clock, SecretsKeyFile = file }, default))
        {
            // the second program finds nothing left to do
        }

        Assert.Equal(("1", after), (await Keys("%sealedKey%"), await StoredSecret(integration)));
        // a secret that a database from before brings back is read with the open key, as long as it is there
        await using var back = database.CreateCommand("update integration set secret_protected = $1");
        back.Parameters.Add(new NpgsqlParameter<string> { TypedValue = before });
        await back.ExecuteNonQueryAsync();
        Assert.Equal(Secret, await RevealedBy(KeyFileOf(file), integration));
    }

    [Fact]
    public async Task Both_secrets_of_a_webhook_are_protected_anew_as_well()
    {
        await Stored(null);
        await using (var api = await ApiServer.Start(Options(null), default))
        {
            using var door = new Door(api.BaseUrl, await new ApiKeys(database).Create(new(await Scalar("select id from msp")), "test", ApiScope.Superuser, default));
            var made = await door.Post("/v1/webhooks", new { name = "Portal", url = "https://portal.msp.example/", events = new[] { "plan.ready" } });
            await door.Post($"/v1/webhooks/{made.Json["webhook"]!["id"]}/rotate");
        }

        var before = await WebhookSecrets();
        var file = Made("hub.key");
        await using (await ApiServer.Start(Options(file), default))
        {
            // what it does about the key ring is done
        }

        var after = await WebhookSecrets();
        Assert.Equal(2, after.Count);
        Assert.Empty(after.Intersect(before));
        await using var provider = Services(KeyFileOf(file));
        var (vault, msp) = (provider.GetRequiredService<SecretVault>(), await Scalar("select id from msp"));
        Assert.All(after, secret => Assert.StartsWith("whsec_", vault.Reveal(msp, secret), StringComparison.Ordinal));
        Assert.Equal(2, after.Select(secret => vault.Reveal(msp, secret)).Distinct().Count());
    }

    [Fact]
    public async Task Programs_that_start_together_make_one_key()
    {
        var file = Made("hub.key");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var provider = Services(KeyFileOf(file));
            await KeyRingStart.Begin(database, provider, Hub.Clock, default);
        }));

        Assert.Equal("1", await Keys("%sealedKey%"));
    }

    [Fact]
    public async Task Another_key_file_and_none_and_one_that_is_gone_are_each_one_sentence_at_the_start()
    {
        await Stored(Made("hub.key"));
        var (other, broken, gone) = (Made("other.key"), Path.Combine(folder, "broken.key"), Path.Combine(folder, "gone.key"));
        await File.WriteAllTextAsync(broken, "dG9vIHNob3J0");

        foreach (var (file, sentence) in new (string? File, string Sentence)[]
        {
            (other, "The key file is not the one that protects the vendor secrets of this database ("),
            (null, "The vendor secrets of this database are protected with a key file, and this program was given none"),
            (gone, $"The key file {gone} is not there: without it no vendor secret can be read."),
            (broken, $"The key file {broken} does not hold a key: 32 bytes as base64"),
        })
        {
            var api = await Assert.ThrowsAsync<ApiCannotStartException>(() => ApiServer.Start(Options(file), default));
            var silo = await Assert.ThrowsAsync<SecretKeyException>(() => SiloServer.Start(new SiloOptions { ConnectionString = connection, Clock = Hub.Clock, SecretsKeyFile = file }, default));
            Assert.StartsWith(sentence, api.Message, StringComparison.Ordinal);
            Assert.Equal(api.Message, silo.Message);
            Assert.DoesNotContain("dG9v", api.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_programs_say_so_and_end()
    {
        await Stored(Made("hub.key"));
        var settings = new Dictionary<string, string> { ["UsageBilling__Connection"] = connection, ["UsageBilling__SecretsKeyFile"] = Made("other.key") };
        var unset = new Dictionary<string, string> { ["UsageBilling__Connection"] = connection, ["UsageBilling__SecretsKeyFile"] = "" };

        foreach (var program in new[] { typeof(SiloServer), typeof(ApiServer) })
        {
            var refused = await Ended(program, settings);
            var missing = await Ended(program, unset);

            Assert.Equal((1, true), (refused.Exit, refused.Said.StartsWith("The key file is not the one that protects", StringComparison.Ordinal)));
            Assert.Equal((2, true), (missing.Exit, missing.Said.StartsWith("UsageBilling__SecretsKeyFile is not set: name the file", StringComparison.Ordinal)));
            Assert.Single(refused.Said.Trim().Split('\n'));
        }
    }

    [Fact]
    public async Task A_key_file_is_made_once_and_for_its_owner_only()
    {
        var path = Made("hub.key");
        var made = await File.ReadAllTextAsync(path);

        KeyFile.MakeIfMissing(path);

        Assert.Equal(made, await File.ReadAllTextAsync(path));
        Assert.Equal(32, Convert.FromBase64String(made.Trim()).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(["hub.key"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    private static async Task<(int Exit, string Said)> Ended(Type program, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [program.Assembly.Location]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync().WaitAsync(SiloProgram.Longest);
        await process.WaitForExitAsync().WaitAsync(SiloProgram.Longest);
        return (process.ExitCode, said);
    }

    private string Made(string name)
    {
        var path = Path.Combine(folder, name);
        KeyFile.MakeIfMissing(path);
        return path;
    }

    private static KeyFile? KeyFileOf(string? path) => path is null ? null : KeyFile.Read(path);

    private ApiOptions Options(string? file) => new() { ConnectionString = connection, SecretsKeyFile = file };

    private ServiceProvider Services(KeyFile? file)
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, database, file);
        return services.BuildServiceProvider();
    }

    /// <summary>An integration that an api with this key file stored.</summary>
    private async Task<long> Stored(string? file)
    {
        await using var api = await ApiServer.Start(Options(file), default);
        var msp = await Scalar("insert into msp (name, zone) values ('Northwind', 'UTC') returning id");
        using var door = new Door(api.BaseUrl, await new ApiKeys(database).Create(new(msp), "test", ApiScope.Superuser, default));
        var stored = await door.Post("/v1/integrations", new { kind = "bms", name = "BMS", region = "us", user = "hub", secret = Secret, tenant = "Northwind" });
        return (long)stored.Json["id"]!;
    }

    /// <summary>What an api with this key file reveals.</summary>
    private async Task<string> Revealed(long integration, string? file)
    {
        await using var api = await ApiServer.Start(Options(file), default);
        using var door = new Door(api.BaseUrl, await new ApiKeys(database).Create(new(await Scalar("select id from msp")), "test", ApiScope.Superuser, default));
        return (string)(await door.Post($"/v1/integrations/{integration}/reveal")).Json["secret"]!;
    }

    /// <summary>What the library makes of the database with this key file and nothing else.</summary>
    private async Task<string> RevealedBy(KeyFile? file, long integration)
    {
        await using var provider = Services(file);
        return provider.GetRequiredService<SecretVault>().Reveal(await Scalar("select msp_id from integration"), await StoredSecret(integration));
    }

    private async Task<string> StoredSecret(long integration)
    {
        await using var command = database.CreateCommand("select secret_protected from integration where id = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = integration });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The present one and the one before.</summary>
    private async Task<IReadOnlyList<string>> WebhookSecrets()
    {
        await using var command = database.CreateCommand("select array[secret_protected, old_secret_protected] from webhook");
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many keys of the ring look so.</summary>
    private async Task<string> Keys(string like)
    {
        await using var command = database.CreateCommand("select count(*) from protection_key where xml like $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = like });
        return $"{await command.ExecuteScalarAsync()}";
    }

    private async Task<long> Scalar(string sql)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = database.CreateCommand(sql);
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), global::System.Globalization.CultureInfo.InvariantCulture);
    }
}
