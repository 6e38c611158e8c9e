using System.Globalization;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Nights;

namespace UsageBilling.Silo.Commands;

/// <summary><c>usagebilling msp create</c>: makes an msp and prints its id.</summary>
internal sealed class CreateMsp(string database, string name, string zone, string currency, TimeOnly nightAt) : ICommand
{
    public const string Usage = "usagebilling msp create --name N --zone Z [--currency USD] [--night-at 00:30] [--connection \"Host=…\"]";

    private const string CurrencyDefault = "USD";

    private static readonly Dictionary<string, bool> Known = new()
    {
        ["--name"] = true, ["--zone"] = true, ["--currency"] = true, ["--night-at"] = true, [Options.Connection] = true,
    };

    public static (ICommand? Command, string? Objection) Read(IEnumerable<string> arguments)
    {
        var (given, objection) = Options.Read(arguments, Known);
        if (given is null) return (null, objection);
        var (name, nameObjection) = given.Name("--name");
        var (zone, zoneObjection) = given.Name("--zone");
        var (database, databaseObjection) = given.Database("msp create");
        if ((nameObjection ?? zoneObjection ?? databaseObjection) is { } wrong) return (null, wrong);
        if (NightAt(given) is not { } nightAt) return (null, $"--night-at takes a time of day to the minute, for example 00:30, not '{given.Maybe("--night-at")}'.");
        return (new CreateMsp(database, name, zone, given.Maybe("--currency") ?? CurrencyDefault, nightAt), null);
    }

    public async Task<int> Run(CancellationToken cancellation)
    {
        if (!NightCalendar.IsZone(zone)) return await HubDatabase.Refuse($"'{zone}' is not a time zone of the IANA database; for example America/New_York is one.");
        if (!Currency.TryParse(currency, out var known)) return await HubDatabase.Refuse($"'{currency}' is not a currency of ISO 4217; for example USD is one.");
        await using var source = await HubDatabase.Open(database, cancellation);
        if (await new Msps(source).Create(name, zone, nightAt, known, cancellation) is not { } made) return await HubDatabase.Refuse($"There is an msp called '{name}' already.");
        Console.WriteLine(made.Value.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static TimeOnly? NightAt(Options given) => given.Maybe("--night-at") is { } text ? MspEntry.TimeOf(text) : MspEntry.NightAtDefault;
}
