using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Quotes a vendor in our own messages: one line, short, and without our secrets even if the vendor repeats them.</summary>
internal static class VendorText
{
    private const int QuoteCharactersMax = 400;
    private const string Struck = "***";

    /// <param name="token">What was granted for the secrets and is one itself, or null.</param>
    public static string Quote(IReadOnlyList<string> texts, VendorAccess access, string? token = null)
    {
        var text = string.Concat(string.Join("; ", texts).Select(character => char.IsControl(character) ? ' ' : character));
        foreach (var secret in (string[])[access.Secret, access.IntegrationCode, token ?? ""])
            if (secret.Length > 0)
                text = text.Replace(secret, Struck, StringComparison.OrdinalIgnoreCase).Replace(Uri.EscapeDataString(secret), Struck, StringComparison.OrdinalIgnoreCase);
        return text.Length <= QuoteCharactersMax ? text : text[..QuoteCharactersMax] + "…";
    }
}
