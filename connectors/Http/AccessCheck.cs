using System.Security.Cryptography;
using System.Text;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Credentials as a connector may use them.</summary>
internal static class AccessCheck
{
    /// <summary>Null when the credentials can be put into a request at all.</summary>
    public static VendorFailure? Unusable(VendorAccess access)
    {
        if (string.IsNullOrEmpty(access.User) || string.IsNullOrEmpty(access.Secret)) return Failure("credentials_missing", "User and secret must be set.");
        return new[] { access.User, access.Secret, access.IntegrationCode }.Any(text => text.Any(char.IsControl))
            ? Failure("credentials_unusable", "User, secret or integration code contain characters that cannot be sent.")
            : null;
    }

    /// <summary>Tells one set of credentials from another without holding either.</summary>
    public static string Fingerprint(VendorAccess access)
        => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{access.BaseUrl.OriginalString}\n{access.User}\n{access.Secret}\n{access.IntegrationCode}")));

    private static VendorFailure Failure(string code, string message) => new(VendorFailureKind.Unauthorized, code, message);
}
