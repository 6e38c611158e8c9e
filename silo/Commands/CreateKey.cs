using UsageBilling.Runtime.Keys;

namespace UsageBilling.Silo.Commands;

/// <summary><c>usagebilling keys create</c>: makes an API key of an msp and prints it, once.</summary>
internal sealed class CreateKey(string database, string msp, string name, ApiScope scope) : ICommand
{
    public const string Usage = "usagebilling keys create --msp NAME --name N --scope viewer|operator|superuser [--connection \"Host=…\"]";

    private static readonly Dictionary<string, bool> Known = new() { ["--msp"] = true, ["--name"] = true, ["--scope"] = true, [Options.Connection] = true };

    public static (ICommand? Command, string? Objection) Read(IEnumerable<string> arguments)
    {
        var (given, objection) = Options.Read(arguments, Known);
        if (given is null) return (null, objection);
        var (msp, mspObjection) = given.Name("--msp");
        var (name, nameObjection) = given.Name("--name");
        var (database, databaseObjection) = given.Database("keys create");
        if ((mspObjection ?? nameObjection ?? databaseObjection) is { } wrong) return (null, wrong);
        if (ScopeOf(given.Maybe("--scope")) is not { } scope) return (null, $"--scope takes viewer, operator or superuser, not '{given.Maybe("--scope")}'.");
        return (new CreateKey(database, msp, name, scope), null);
    }

    public async Task<int> Run(CancellationToken cancellation)
    {
        await using var source = await HubDatabase.Open(database, cancellation);
        var named = await new Msps(source).Named(msp, cancellation);
        if (named.Count == 0) return await HubDatabase.Refuse($"There is no msp called '{msp}'; usagebilling msp create makes one.");
        if (named.Count > 1) return await HubDatabase.Refuse($"More than one msp is called '{msp}'; give them names that differ first.");
        Console.WriteLine(await new ApiKeys(source).Create(named[0], name, scope, cancellation));
        return 0;
    }

    private static ApiScope? ScopeOf(string? word) => word switch
    {
        "viewer" => ApiScope.Viewer,
        "operator" => ApiScope.Operator,
        "superuser" => ApiScope.Superuser,
        _ => null,
    };
}
