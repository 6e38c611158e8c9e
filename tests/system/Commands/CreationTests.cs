using Npgsql;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Commands;

public sealed class CreationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d";

    [Fact]
    public async Task The_first_msp_and_its_key_are_made_on_an_empty_database()
    {
        var connection = await PostgresFixture.BareDatabase();

        var msp = await SiloProgram.Run("msp", "create", "--name", "My MSP", "--zone", "America/New_York", "--connection", connection);
        var key = await SiloProgram.Run("keys", "create", "--msp", "My MSP", "--name", "first", "--scope", "superuser", "--connection", connection);

        Assert.Equal((0, "1\n", ""), msp);
        Assert.Equal((0, ""), (key.Exit, key.Error));
        Assert.Matches("^ub_[0-9a-f]{16}_[0-9a-f]{64}\n$", key.Output);
        await using var source = NpgsqlDataSource.Create(connection);
        Assert.Equal("1|My MSP|America/New_York|00:30:00|USD", await Msp(source, "My MSP"));
        Assert.Equal(new Caller(key.Output.Split('_')[1], "first", new(1), ApiScope.Superuser), await new ApiKeys(source).Find(key.Output.Trim(), default));
    }

    [Fact]
    public async Task An_msp_has_the_currency_and_the_run_time_that_were_given()
    {
        var made = await SiloProgram.Run(
            "msp", "create", "--connection", postgres.ConnectionString, "--night-at", "23:45", "--currency", "KWD", "--zone", "Asia/Kuwait", "--name", "  Gulf  ");

        Assert.Equal((0, ""), (made.Exit, made.Error));
        Assert.Equal($"{made.Output.Trim()}|Gulf|Asia/Kuwait|23:45:00|KWD", await Msp(postgres.Source, "Gulf"));
    }

    [Fact]
    public async Task A_name_that_exists_is_refused()
    {
        string[] twice = ["msp", "create", "--name", "Twice", "--zone", "UTC", "--connection", postgres.ConnectionString];
        Assert.Equal(0, (await SiloProgram.Run(twice)).Exit);

        Assert.Equal((1, "", "There is an msp called 'Twice' already.\n"), await SiloProgram.Run(twice));
    }

    [Theory]
    [InlineData("--zone", "Mars/Olympus", "'Mars/Olympus' is not a time zone of the IANA database; for example America/New_York is one.\n")]
    [InlineData("--currency", "usd", "'usd' is not a currency of ISO 4217; for example USD is one.\n")]
    public async Task A_zone_or_a_currency_that_nobody_knows_is_refused_and_nothing_is_made(string option, string value, string sentence)
    {
        Assert.Equal(
            (1, "", sentence),
            await SiloProgram.Run("msp", "create", "--name", "Unmade", "--zone", "UTC", "--connection", postgres.ConnectionString, option, value));
        Assert.Equal("", await Msp(postgres.Source, "Unmade"));
    }

    [Fact]
    public async Task A_key_of_an_msp_that_is_not_there_is_refused() => Assert.Equal(
        (1, "", "There is no msp called 'Nobody'; usagebilling msp create makes one.\n"),
        await SiloProgram.Run("keys", "create", "--msp", "Nobody", "--name", "k", "--scope", "viewer", "--connection", postgres.ConnectionString));

    [Fact]
    public async Task A_key_of_a_name_that_two_msps_share_is_refused()
    {
        await using (var command = postgres.Source.CreateCommand("insert into msp (name, zone) values ('Same', 'UTC'), ('Same', 'UTC')")) await command.ExecuteNonQueryAsync();

        Assert.Equal(
            (1, "", "More than one msp is called 'Same'; give them names that differ first.\n"),
            await SiloProgram.Run("keys", "create", "--msp", "Same", "--name", "k", "--scope", "viewer", "--connection", postgres.ConnectionString));
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_one_sentence_without_its_password()
    {
        var (exit, output, error) = await SiloProgram.Run("msp", "create", "--name", "x", "--zone", "UTC", "--connection", Nowhere);

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("PostgreSQL cannot be reached: ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--name must be there", "msp", "create", "--zone", "UTC", "--connection", Nowhere)]
    [InlineData("--zone must be there", "msp", "create", "--name", "x", "--connection", Nowhere)]
    [InlineData("--night-at takes a time of day", "msp", "create", "--name", "x", "--zone", "UTC", "--night-at", "25:00", "--connection", Nowhere)]
    [InlineData("--connection takes an Npgsql connection string", "msp", "create", "--name", "x", "--zone", "UTC", "--connection", "colour=red")]
    [InlineData("msp create needs a PostgreSQL", "msp", "create", "--name", "x", "--zone", "UTC")]
    [InlineData("--scope takes viewer, operator or superuser, not 'root'.", "keys", "create", "--msp", "x", "--name", "k", "--scope", "root", "--connection", Nowhere)]
    [InlineData("--msp must be there", "keys", "create", "--name", "k", "--scope", "viewer", "--connection", Nowhere)]
    [InlineData("keys create needs a PostgreSQL", "keys", "create", "--msp", "x", "--name", "k", "--scope", "viewer")]
    [InlineData("--zone needs a value.", "msp", "create", "--name", "x", "--zone")]
    [InlineData("'--colour' is not an option.", "msp", "create", "--colour", "red")]
    [InlineData("'msp' is not an option.", "msp")]
    public async Task Options_that_are_not_understood_are_said_and_end_with_two(string sentence, params string[] arguments)
    {
        var (exit, output, error) = await SiloProgram.Run(arguments);

        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<string> Msp(NpgsqlDataSource source, string name)
    {
        await using var command = source.CreateCommand("select concat_ws('|', id, name, zone, night_at, currency) from msp where name = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await command.ExecuteScalarAsync() as string ?? "";
    }
}
