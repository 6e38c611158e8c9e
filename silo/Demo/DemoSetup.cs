using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Silo.Demo;

/// <summary>Makes the demo msp, and loads what is missing of it through the api, as a technician would.</summary>
internal sealed class DemoSetup
{
    public const string KeyFile = "demo-key";

#pragma warning disable RS0030 // the composition root names the wall clock
    public static readonly TimeProvider WallClock = TimeProvider.System;
#pragma warning restore RS0030

    private readonly JsonNode story;

    private DemoSetup(JsonNode story, string key)
    {
        this.story = story;
        Key = key;
    }

    public string Key { get; }

    /// <summary>Makes the msp and its key when they are missing; the key is kept in a file that only its owner may read.</summary>
    public static async Task<DemoSetup> Read(NpgsqlDataSource database, DemoOptions options, CancellationToken cancellation)
    {
        var story = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Demo", "demo.json"), cancellation))!;
        var msp = story["msp"]!;
        var id = await new Msps(database).Ensure(Text(msp["name"]), Text(msp["zone"]), Currency.Of(Text(msp["currency"])), cancellation);
        var keys = new ApiKeys(database);
        var file = options.FileFor(KeyFile, "");
        var known = File.Exists(file) ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : "";
        if (known.Length > 0 && await keys.Find(known, cancellation) is { } caller && caller.Msp == id) return new(story, known);
        var key = await keys.Create(id, "demo", ApiScope.Superuser, cancellation);
        await File.WriteAllTextAsync(file, key + "\n", cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new(story, key);
    }

    public async Task Load(HubClient hub, Uri sandbox, Action<string> say, CancellationToken cancellation)
    {
        await Integration(hub, "autotask", "Autotask (sandbox)", new Uri(sandbox, "autotask"), "api@demo.example", "DEMOINTEGRATIONCODE0000001", say, cancellation);
        await Integration(hub, "uniview", "UniView (sandbox)", new Uri(sandbox, "uniview"), "demo-client", "", say, cancellation);
        await MapTenants(hub, say, cancellation);
        await MapOrganizations(hub, say, cancellation);
        await ChooseBases(hub, say, cancellation);
    }

    /// <summary>Makes the integration when it is missing, tells it where the sandbox is today, and imports.</summary>
    private static async Task Integration(HubClient hub, string kind, string name, Uri baseUrl, string user, string code, Action<string> say, CancellationToken cancellation)
    {
        var known = (await hub.All("/v1/integrations", cancellation)).FirstOrDefault(integration => Text(integration["name"]) == name);
        var body = new JsonObject { ["base_url"] = baseUrl.AbsoluteUri, ["user"] = user, ["secret"] = "demo-secret", ["integration_code"] = code };
        if (known is not null)
        {
            if (Text(known["base_url"]) != baseUrl.AbsoluteUri) await hub.Put($"/v1/integrations/{known["id"]}", body, cancellation);
            return;
        }

        body["kind"] = kind;
        body["name"] = name;
        var (_, made) = await hub.Post("/v1/integrations", body, cancellation);
        var (_, run) = await hub.Post($"/v1/integrations/{made["id"]}/import", null, cancellation);
        var ended = await Ended(hub, run, cancellation);
        if (Text(ended["state"]) != "done") throw new DemoException($"{name} could not be imported: {Text(ended["sentence"])}");
        say($"{name}: {Text(ended["sentence"])}");
    }

    private static async Task<JsonNode> Ended(HubClient hub, JsonNode run, CancellationToken cancellation)
    {
        for (var looks = 0; Text(run["state"]) == "running" && looks < 600; looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), WallClock, cancellation);
            run = await hub.Get($"/v1/runs/{run["id"]}", cancellation);
        }

        return run;
    }

    private static async Task MapTenants(HubClient hub, Action<string> say, CancellationToken cancellation)
    {
        var organizations = (await hub.All("/v1/organizations", cancellation)).Where(organization => organization["remote_id"] is not null)
            .ToDictionary(organization => Text(organization["remote_id"]), organization => organization["id"]!.GetValue<long>());
        var mapped = 0;
        foreach (var tenant in await hub.All("/v1/tenants?mapped=false", cancellation))
        {
            if (tenant["customer_remote_id"] is not { } customer || !organizations.TryGetValue(Text(customer), out var organization)) continue;
            await hub.Put($"/v1/tenants/{tenant["id"]}/organization", new JsonObject { ["organization_id"] = organization }, cancellation);
            mapped++;
        }

        if (mapped > 0) say($"{mapped} product tenants mapped to organizations");
    }

    private async Task MapOrganizations(HubClient hub, Action<string> say, CancellationToken cancellation)
    {
        var accounts = (await hub.All("/v1/accounts", cancellation)).ToDictionary(account => Text(account["name"]), account => account["id"]!.GetValue<long>());
        var mapped = 0;
        foreach (var organization in (await hub.All("/v1/organizations", cancellation)).Where(organization => organization["account"] is null))
        {
            if (story["accounts"]![Text(organization["name"])] is not { } account || !accounts.TryGetValue(Text(account), out var id)) continue;
            await hub.Put($"/v1/organizations/{organization["id"]}/account", new JsonObject { ["account_id"] = id }, cancellation);
            mapped++;
        }

        if (mapped > 0) say($"{mapped} organizations mapped to PSA accounts");
    }

    private async Task ChooseBases(HubClient hub, Action<string> say, CancellationToken cancellation)
    {
        var chosen = 0;
        foreach (var line in await hub.All("/v1/lines?basis=none", cancellation))
        {
            if (story["bases"]![Text(line["name"])] is not { } metric) continue;
            var body = new JsonObject { ["kind"] = "metrics", ["metrics"] = new JsonArray(metric.DeepClone()) };
            await hub.Put($"/v1/lines/{line["id"]}/basis", body, cancellation);
            chosen++;
        }

        if (chosen > 0) say($"{chosen} service lines have their basis");
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
}
