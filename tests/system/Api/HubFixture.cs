using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api;

/// <summary>A database of its own, an api on a real port without any silo, and the keys of two msps.</summary>
public sealed class HubFixture : IAsyncLifetime
{
    private NpgsqlDataSource source = null!;
    private ApiServer server = null!;
    private int names;

    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource Source => source;

    public Uri BaseUrl => server.BaseUrl;

    public MspId Msp { get; private set; }

    public MspId OtherMsp { get; private set; }

    /// <summary>The msp's last night; its zone is UTC and its run time midnight.</summary>
    public DateOnly Night { get; private set; }

    public Door Viewer { get; private set; } = null!;

    public Door Operator { get; private set; } = null!;

    public Door Superuser { get; private set; } = null!;

    public Door Stranger { get; private set; } = null!;

    public Door Nobody { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await PostgresFixture.FreshDatabase();
        source = NpgsqlDataSource.Create(ConnectionString);
        server = await ApiServer.Start(new ApiOptions { ConnectionString = ConnectionString, RunWait = TimeSpan.FromMilliseconds(60) }, default);
        Msp = new(await Sql("insert into msp (name, zone, night_at) values ('Northwind', 'UTC', '00:00') returning id"));
        OtherMsp = new(await Sql("insert into msp (name, zone, night_at) values ('Southwind', 'UTC', '00:00') returning id"));
        Night = DateOnly.FromDayNumber((int)await Sql("select (now() at time zone 'utc')::date - date '0001-01-01'"));
        Viewer = new(BaseUrl, await Key(Msp, ApiScope.Viewer));
        Operator = new(BaseUrl, await Key(Msp, ApiScope.Operator));
        Superuser = new(BaseUrl, await Key(Msp, ApiScope.Superuser));
        Stranger = new(BaseUrl, await Key(OtherMsp, ApiScope.Superuser));
        Nobody = new(BaseUrl, null);
    }

    public async Task DisposeAsync()
    {
        foreach (var door in (Door[])[Viewer, Operator, Superuser, Stranger, Nobody]) door.Dispose();
        await server.DisposeAsync();
        await source.DisposeAsync();
    }

    public Task<string> Key(MspId msp, ApiScope scope) => new ApiKeys(source).Create(msp, $"{scope} key", scope, default);

    /// <summary>A name that nobody else in this database uses.</summary>
    public string Name(string what) => string.Create(CultureInfo.InvariantCulture, $"{what} {Interlocked.Increment(ref names)}");

    /// <summary>One statement; its single number, or 0.</summary>
    public async Task<long> Sql(string statement, params object[] values)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = source.CreateCommand(statement);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0L, CultureInfo.InvariantCulture);
    }

    public Task<long> Integration(string kind) => Sql(
        "insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products) values ($1, $2, $3, 'https://vendor.test/', 'u', 's', $4) returning id",
        Msp.Value, kind, Name(kind), kind == "uniview");

    public Task<long> Tenant(long integration) => Sql(
        "insert into product_tenant (msp_id, integration_id, product, remote_id, name) values ($1, $2, 'spanning-m365', $3, $4) returning id",
        Msp.Value, integration, Name("remote"), Name("tenant"));

    public Task<long> Organization() => Sql("insert into organization (msp_id, name) values ($1, $2) returning id", Msp.Value, Name("organization"));

    public Task<long> Account(long psa) => Sql(
        "insert into psa_account (msp_id, integration_id, remote_id, name, active) values ($1, $2, $3, $4, true) returning id",
        Msp.Value, psa, Name("remote"), Name("Customer"));

    /// <summary>A monthly line at 4.2 USD of a contract of the account that covers the last year and the next.</summary>
    public async Task<long> Line(long psa, long account)
    {
        var contract = await Sql(
            "insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active) values ($1, $2, $3, $4, 'Backup 2026', $5, $6, true) returning id",
            Msp.Value, psa, account, Name("contract"), Night.AddYears(-1), Night.AddYears(1));
        return await Sql(
            "insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, charged_until)"
            + " values ($1, $2, $3, $3, 'Spanning Backup', 4.2, 2.125, 'USD', 1, $4, $5) returning id",
            Msp.Value, contract, Name("line"), new DateOnly(Night.Year - 1, 1, 1), new DateOnly(Night.Year, Night.Month, 1));
    }

    /// <summary>A line of a customer to whom one tenant is mapped since a month.</summary>
    public async Task<(long Line, long Tenant, long Account, long Uniview)> FedLine()
    {
        var (uniview, psa) = (await Integration("uniview"), await Integration("autotask"));
        var (tenant, organization, account) = (await Tenant(uniview), await Organization(), await Account(psa));
        await Sql("insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id) values ($1, 1, $2, $3, $4)", tenant, Night.AddDays(-30), Msp.Value, organization);
        await Sql("insert into organization_mapping (organization_id, version, from_on, msp_id, account_id) values ($1, 1, $2, $3, $4)", organization, Night.AddDays(-30), Msp.Value, account);
        return (await Line(psa, account), tenant, account, uniview);
    }
}

/// <summary>A caller with a key, or without one.</summary>
public sealed class Door(Uri baseUrl, string? key) : IDisposable
{
    private readonly HttpClient client = new()
    {
        BaseAddress = baseUrl,
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    public void Dispose() => client.Dispose();

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Answer> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    /// <summary>Whatever is there is replaced or changed.</summary>
    public Task<Answer> Put(string path, object body) => Put(path, body, "*");

    public Task<Answer> Put(string path, object body, string ifMatch) => Send(HttpMethod.Put, path, JsonContent.Create(body), ("If-Match", ifMatch));

    public Task<Answer> PostText(string path, string body) => Send(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? body, params IReadOnlyList<(string Name, string Value)> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        // a long body waits until it is asked for: one that is refused unread would find the connection closed in the middle of sending
        request.Headers.ExpectContinue = body?.Headers.ContentLength > ushort.MaxValue;
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location?.ToString(), response.Headers.RetryAfter?.ToString(), text) 
        {
            CacheControl = response.Headers.CacheControl?.ToString(), Headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
        };
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string? MediaType, string? Location, string? RetryAfter, string Text)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = global::System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? CacheControl { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Code => (string?)Json["code"];

    /// <summary>The status and the JSON in one line; instants and trace ids, which no test can foretell, become a star.</summary>
    public string Stable
    {
        get
        {
            var json = Json;
            Star(json);
            return $"{Status} {json.ToJsonString(Plain)}";
        }
    }

    /// <summary>For a problem: its status, its code and the fields it names.</summary>
    public string Problem
    {
        get
        {
            Assert.Equal("application/problem+json", MediaType);
            Assert.NotEmpty((string)Json["traceId"]!);
            var fields = Json["errors"]?.AsArray().Select(error => (string)error!["field"]!) ?? [];
            return string.Join(' ', new[] { Status.ToString(CultureInfo.InvariantCulture), Code }.Concat(fields));
        }
    }

    private static void Star(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list) Star(item);
        if (node is not JsonObject fields) return;
        foreach (var (name, value) in fields.ToList())
        {
            if (name == "traceId" || (name.EndsWith("_at", StringComparison.Ordinal) && value is not null)) fields[name] = "*";
            else Star(value);
        }
    }
}
