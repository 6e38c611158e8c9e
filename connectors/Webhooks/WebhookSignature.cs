using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using UsageBilling.Interfaces.Webhooks;

namespace UsageBilling.Connectors.Webhooks;

/// <summary>The three headers of the Standard Webhooks specification (standardwebhooks.com, symmetric scheme <c>v1</c>).</summary>
internal static class WebhookSignature
{
    /// <summary>The id, the instant of the attempt in seconds, and one signature for each secret.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers(WebhookCall call)
    {
        var at = call.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{call.Id}.{at}.{call.Body}");
        var signatures = call.Secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret.Key(), signed)));
        return [("webhook-id", call.Id), ("webhook-timestamp", at), ("webhook-signature", string.Join(' ', signatures))];
    }
}
