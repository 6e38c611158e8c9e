using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Api.Resources;

/// <summary>An integration to be created.</summary>
/// <param name="Kind"><c>uniview</c> or <c>autotask</c>.</param>
/// <param name="BaseUrl">Where the vendor is reached; the connector's allow-list decides later whether it may be called.</param>
/// <param name="User">Autotask: the API user. UniView: the client id.</param>
/// <param name="Secret">Kept encrypted and never returned.</param>
/// <param name="IntegrationCode">Autotask: the tracking identifier.</param>
internal sealed record NewIntegration(string Kind, string Name, string BaseUrl, string User, string Secret, string? IntegrationCode = null) : IChecked
{
    private const string ReadsProducts = "uniview";
    private const string Psa = "autotask";
    private const int NameMax = 200;

    public IEnumerable<FieldError> Check()
    {
        var errors = VendorRules.Check(BaseUrl, User, Secret, IntegrationCode).Concat(Checks.Text("name", Name, NameMax)).ToList();
        if (Kind is not (ReadsProducts or Psa)) errors.Add(new("kind", $"Must be {ReadsProducts} or {Psa}."));
        if (Kind == Psa && string.IsNullOrEmpty(IntegrationCode)) errors.Add(new("integration_code", "Autotask needs one."));
        return errors;
    }

    public object?[] ToRow(SecretVault vault, MspId msp) =>
        [Kind, Name.Trim(), BaseUrl, User, vault.Protect(msp.Value, Secret), IntegrationCode ?? "", Kind == ReadsProducts];
}

/// <summary>Other credentials, or another address, for an integration. The secret is always given anew: it never goes to an address it was not meant for.</summary>
/// <param name="IntegrationCode">Absent or null keeps the one that is stored.</param>
internal sealed record NewCredentials(string BaseUrl, string User, string Secret, string? IntegrationCode = null) : IChecked
{
    public IEnumerable<FieldError> Check() => VendorRules.Check(BaseUrl, User, Secret, IntegrationCode);

    public object?[] ToRow(long id, SecretVault vault, MspId msp) => [id, BaseUrl, User, vault.Protect(msp.Value, Secret), IntegrationCode];
}

/// <summary>What an address and credentials must look like.</summary>
internal static class VendorRules
{
    private const int UrlMax = 500;
    private const int UserMax = 200;
    private const int SecretMax = 2000;

    public static IEnumerable<FieldError> Check(string baseUrl, string user, string secret, string? integrationCode)
    {
        if (baseUrl.Length > UrlMax || !Uri.TryCreate(baseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            yield return new("base_url", $"Must be an absolute http or https address without user name, of at most {UrlMax} characters.");
        foreach (var error in Checks.Text("user", user, UserMax).Concat(Checks.Text("secret", secret, SecretMax)).Concat(Checks.MaybeText("integration_code", integrationCode, UserMax)))
            yield return error;
    }
}
