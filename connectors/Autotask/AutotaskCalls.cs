using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>Calls an API user's zone with the user's credentials.</summary>
internal sealed class AutotaskCalls(VendorLine line, AutotaskZones zones)
{
    private const int Unauthorized = 401;

    public static VendorFailure CancelledBeforeSend { get; } = new(VendorFailureKind.Unreachable, "cancelled_before_send", "The call was broken off before anything was sent.");

    public Task<VendorAnswer<JsonElement>> Get(VendorAccess access, string entity, string path, CancellationToken cancellation)
        => Read(access, entity, zone => Request(access, HttpMethod.Get, new Uri(zone.Root, path), null), cancellation);

    /// <summary>POSTs a query; <paramref name="next"/> is the link to a further page, which wants the same body again.</summary>
    public Task<VendorAnswer<JsonElement>> Query(VendorAccess access, AutotaskQuery query, Uri? next, CancellationToken cancellation)
        => Read(access, query.Entity, zone => Request(access, HttpMethod.Post, next ?? new Uri(zone.Root, query.Path), query.Body), cancellation);

    /// <summary>Asks how many rows a query has.</summary>
    public Task<VendorAnswer<JsonElement>> Count(VendorAccess access, AutotaskQuery query, CancellationToken cancellation)
        => Read(access, query.Entity, zone => Request(access, HttpMethod.Post, new Uri(zone.Root, query.CountPath), query.CountBody), cancellation);

    /// <summary>The zone's address of a query, which a next-page link must belong to.</summary>
    public Task<VendorAnswer<AutotaskZone>> Zone(VendorAccess access, CancellationToken cancellation)
        => AccessCheck.Unusable(access) is { } unusable ? Task.FromResult(Answers.Failed<AutotaskZone>(unusable)) : zones.For(access, cancellation);

    /// <summary>Sends a change: one attempt. Without a zone nothing is sent.</summary>
    public async Task<WireAnswer> Write(VendorAccess access, HttpMethod method, string entity, string path, JsonObject body, CancellationToken cancellation)
        => await ZoneForWrite(access, cancellation) switch
        {
            VendorAnswer<AutotaskZone>.Answered zone => await line.Write(access, entity, Request(access, method, new Uri(zone.Value.Root, path), body), cancellation),
            VendorAnswer<AutotaskZone>.Failed failed => new WireAnswer.Lost(failed.Failure, Left: false),
            _ => throw new InvalidOperationException("An answer is answered or failed."),
        };

    private async Task<VendorAnswer<AutotaskZone>> ZoneForWrite(VendorAccess access, CancellationToken cancellation)
    {
        try
        {
            return await Zone(access, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Answers.Failed<AutotaskZone>(CancelledBeforeSend);
        }
    }

    // A user can be moved to another zone. A 401 is answered by looking the zone up again, and by one more attempt only if it is another one:
    // repeated wrong secrets lock the user.
    private async Task<VendorAnswer<JsonElement>> Read(VendorAccess access, string entity, Func<AutotaskZone, WireRequest> request, CancellationToken cancellation)
        => await Zone(access, cancellation).Then(async zone =>
        {
            var answer = await line.Read(access, entity, request(zone), cancellation);
            if (answer is not WireAnswer.Received { Status: Unauthorized }) return AutotaskAnswers.Read(answer, access);
            var moved = await zones.Discover(access, cancellation) is VendorAnswer<AutotaskZone>.Answered now && now.Value.Root != zone.Root ? now.Value : null;
            return AutotaskAnswers.Read(moved is null ? answer : await line.Read(access, entity, request(moved), cancellation), access);
        });

    private static WireRequest Request(VendorAccess access, HttpMethod method, Uri address, JsonObject? body) => new(method, address)
    {
        Headers = [("ApiIntegrationCode", access.IntegrationCode), ("UserName", access.User), ("Secret", access.Secret)],
        Body = body is null ? null : new WireBody(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json"),
    };
}
