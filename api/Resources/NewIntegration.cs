using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Api.Resources;

/// <summary>An integration to be created. Either an address or a region.</summary>
/// <param name="Kind"><c>autotask</c>, <c>bms</c>, <c>vorex</c> or <c>uniview</c>.</param>
/// <param name="User">Autotask: the API user. BMS and Vorex: the user. UniView: the client id.</param>
/// <param name="Secret">Kept encrypted; only a superuser can have it revealed.</param>
/// <param name="BaseUrl">Where the vendor is reached; the connector's allow-list decides later whether it may be called.</param>
/// <param name="Region">BMS: <c>us</c>, <c>emea</c> or <c>apac</c>, in the place of an address.</param>
/// <param name="IntegrationCode">Autotask: the tracking identifier.</param>
/// <param name="Tenant">BMS and Vorex: the name of the company that the user signs in to.</param>
internal sealed record NewIntegration(
    string Kind, string Name, string User, string Secret, string? BaseUrl = null, string? Region = null, string? IntegrationCode = null, string? Tenant = null) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        var kind = IntegrationKind.Of(Kind);
        var errors = VendorRules.Address(kind, BaseUrl, Region, needed: true).Concat(VendorRules.Credentials(User, Secret)).ToList();
        if (kind is not null) errors.AddRange(VendorRules.Code(kind, IntegrationCode, Tenant, needed: true));
        errors.AddRange(Checks.Text("name", Name, VendorRules.NameMax));
        if (kind is null || kind.Name == IntegrationKind.Feed)
            errors.Add(new("kind", $"Must be one of {string.Join(", ", IntegrationKind.All.Where(known => known.Name != IntegrationKind.Feed).Select(known => known.Name))}; a feed is made at /v1/feeds."));
        return errors;
    }

    public object?[] ToRow(SecretVault vault, MspId msp)
    {
        var kind = IntegrationKind.Of(Kind)!;
        return [Kind, Name.Trim(), VendorRules.AddressOf(kind, BaseUrl, Region), User, vault.Protect(msp.Value, Secret), VendorRules.CodeOf(IntegrationCode, Tenant) ?? "", kind.ReadsProducts];
    }
}

/// <summary>What is to be different about an integration; what is absent or null stays. The secret is given anew with whatever a vendor is told: it never goes to an address it was not meant for.</summary>
/// <param name="Name">Another name, by itself or along with credentials.</param>
internal sealed record ChangedIntegration(
    string? Name = null, string? BaseUrl = null, string? Region = null, string? User = null, string? Secret = null, string? IntegrationCode = null, string? Tenant = null) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (Name is not null)
            foreach (var error in Checks.Text("name", Name, VendorRules.NameMax)) yield return error;
        if (Secret is null && VendorIsTold) yield return new("secret", "Must be given anew with another address, user, integration code or tenant.");
        if (Name is null && Secret is null && !VendorIsTold) yield return new("name", "Something must be given that is to be different.");
    }

    /// <summary>What can be said only once the kind of integration is known.</summary>
    public IEnumerable<FieldError> Check(StoredIntegration stored)
    {
        if (Secret is null) return [];
        if (stored.Kind.Name == IntegrationKind.Feed) return [new("secret", "A feed has no credentials and no address; only its name changes.")];
        return
        [
            .. VendorRules.Address(stored.Kind, BaseUrl, Region, needed: false), .. VendorRules.Credentials(User ?? stored.User, Secret),
            .. VendorRules.Code(stored.Kind, IntegrationCode, Tenant, needed: false),
        ];
    }

    public object?[] ToRow(long id, StoredIntegration stored, SecretVault vault, MspId msp) =>
    [
        id, BaseUrl is null && Region is null ? stored.BaseUrl : VendorRules.AddressOf(stored.Kind, BaseUrl, Region), User ?? stored.User,
        vault.Protect(msp.Value, Secret!), VendorRules.CodeOf(IntegrationCode, Tenant),
    ];

    private bool VendorIsTold => BaseUrl is not null || Region is not null || User is not null || VendorRules.CodeOf(IntegrationCode, Tenant) is not null;
}

/// <summary>What an integration is now, but for its secret.</summary>
internal sealed record StoredIntegration(IntegrationKind Kind, string Name, string BaseUrl, string User)
{
    public static StoredIntegration FromRow(NpgsqlDataReader row) => new(
        IntegrationKind.Of(row.GetString(0)) ?? throw new InvalidOperationException($"There is no kind of integration called '{row.GetString(0)}'."),
        row.GetString(1), row.GetString(2), row.GetString(3));
}

/// <summary>What an address and credentials must look like.</summary>
internal static class VendorRules
{
    public const int NameMax = 200;

    private const int UrlMax = 500;
    private const int UserMax = 200;
    private const int SecretMax = 2000;

    /// <param name="kind">Null when it is not known which.</param>
    public static IEnumerable<FieldError> Address(IntegrationKind? kind, string? baseUrl, string? region, bool needed)
    {
        if (region is not null && baseUrl is not null) yield return new("region", "Give an address or a region, not both.");
        else if (region is not null && kind is not null && kind.AddressOf(region) is null)
            yield return new("region", kind.Regions.Count == 0 ? $"{kind.Name} has no regions here; give its base_url." : $"Must be one of {string.Join(", ", kind.Regions.Select(known => known.Name))}.");
        if (baseUrl is null ? needed && region is null : !IsAddress(baseUrl))
            yield return new("base_url", $"Must be an absolute http or https address without user name, of at most {UrlMax} characters.");
    }

    public static IEnumerable<FieldError> Credentials(string user, string secret) => Checks.Text("user", user, UserMax).Concat(Checks.Text("secret", secret, SecretMax));

    public static IEnumerable<FieldError> Code(IntegrationKind kind, string? integrationCode, string? tenant, bool needed) =>
        Code("integration_code", integrationCode, kind, CredentialCode.IntegrationCode, needed).Concat(Code("tenant", tenant, kind, CredentialCode.Tenant, needed));

    /// <summary>Both lie in one column; a kind has one of them at most. Null keeps what is stored.</summary>
    public static string? CodeOf(string? integrationCode, string? tenant) => !string.IsNullOrEmpty(integrationCode) ? integrationCode : !string.IsNullOrEmpty(tenant) ? tenant : null;

    public static string AddressOf(IntegrationKind kind, string? baseUrl, string? region) => region is null ? baseUrl! : kind.AddressOf(region)!.AbsoluteUri;

    private static IEnumerable<FieldError> Code(string field, string? text, IntegrationKind kind, CredentialCode code, bool needed)
    {
        if (kind.Code == code && needed) return Checks.Text(field, text, UserMax);
        if (kind.Code == code || string.IsNullOrEmpty(text)) return Checks.MaybeText(field, text, UserMax);
        return [new(field, $"{kind.Name} has none.")];
    }

    private static bool IsAddress(string text) =>
        text.Length <= UrlMax && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0;
}
