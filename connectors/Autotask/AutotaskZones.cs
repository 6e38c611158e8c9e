using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>The versioned root of the zone an API user lives in, for example <c>https://webservices15.autotask.net/ATServicesRest/V1.0/</c>.</summary>
/// <param name="Web">Where people work in that zone; null when the vendor names none that may be led to.</param>
internal sealed record AutotaskZone(Uri Root, DateTimeOffset BelievedUntil, Uri? Web);

/// <summary>Finds an API user's zone and remembers it. Asking takes no credentials, so a wrong secret cannot lock anybody out here.</summary>
internal sealed class AutotaskZones(VendorLine line, ConnectorOptions options, TimeProvider time)
{
    public const string VersionEndpoint = "versionInformation";
    public const string ZoneEndpoint = "zoneInformation";
    private const string Version = "V1.0";
    private readonly PerIntegration<AutotaskZone> _zones = new();

    public async Task<VendorAnswer<AutotaskZone>> For(VendorAccess access, CancellationToken cancellation)
        => _zones.Known(access.Integration, Key(access)) is { } known && time.GetUtcNow() < known.BelievedUntil
            ? Answers.Of(known)
            : await Discover(access, cancellation);

    /// <summary>Asks again, whatever is remembered.</summary>
    public async Task<VendorAnswer<AutotaskZone>> Discover(VendorAccess access, CancellationToken cancellation)
    {
        if (line.Rule.Refusal(access.BaseUrl) is { } refusal) return Answers.Failed<AutotaskZone>(refusal);
        var service = AutotaskAddress.ServiceOf(access.BaseUrl);
        return await Get(access, VersionEndpoint, new Uri(service, "versioninformation"), cancellation)
            .Then(OffersVersion)
            .Then(_ => Get(access, ZoneEndpoint, new Uri(service, $"{Version}/zoneInformation?user={Uri.EscapeDataString(access.User)}"), cancellation))
            .Then(body => Zone(body, access));
    }

    private async Task<VendorAnswer<JsonElement>> Get(VendorAccess access, string endpoint, Uri address, CancellationToken cancellation)
        => AutotaskAnswers.Read(await line.Read(access, endpoint, new WireRequest(HttpMethod.Get, address), cancellation), access);

    private static VendorAnswer<JsonElement> OffersVersion(JsonElement body)
    {
        var offered = body.Field("apiVersions") is { ValueKind: JsonValueKind.Array } versions
            && versions.EnumerateArray().Any(version => version.ValueKind == JsonValueKind.String
                && string.Equals(JsonFields.Unescaped(version), Version, StringComparison.OrdinalIgnoreCase));
        return offered ? Answers.Of(body) : Answers.Malformed<JsonElement>("api_version_missing", $"Autotask does not offer version {Version} of its API here.");
    }

    private VendorAnswer<AutotaskZone> Zone(JsonElement body, VendorAccess access)
    {
        if (!Uri.TryCreate(body.Text("url"), UriKind.Absolute, out var url)) return Answers.Malformed<AutotaskZone>("zone_unreadable", "Autotask does not say where the zone is.");
        if (line.Rule.Refusal(url) is { } refusal) return Answers.Failed<AutotaskZone>(refusal);
        // The loopback is for a sandbox that was asked for by name, never for a vendor's answer to lead to.
        if (AddressRule.IsLoopback(url.Host) && !AddressRule.IsLoopback(access.BaseUrl.Host))
            return Answers.Failed<AutotaskZone>(new(VendorFailureKind.AddressRefused, "address_refused", "The zone leads to an address that may not be called."));
        var web = Uri.TryCreate(body.Text("webUrl"), UriKind.Absolute, out var said) && line.Rule.Refusal(said) is null ? said : null;
        var zone = new AutotaskZone(new Uri(AutotaskAddress.ServiceOf(url), Version + "/"), time.GetUtcNow() + options.ZoneLifetime, web);
        _zones.Remember(access.Integration, Key(access), zone);
        return Answers.Of(zone);
    }

    private static string Key(VendorAccess access) => $"{access.BaseUrl.OriginalString}\n{access.User}";
}
