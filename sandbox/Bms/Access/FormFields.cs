using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Access;

/// <summary>A form as <c>multipart/form-data</c>, which the description asks for, or as <c>application/x-www-form-urlencoded</c>, which real clients send.</summary>
internal static class FormFields
{
    private const int PartsMax = 100;

    /// <summary>The fields by names in any casing; null when the body is no form.</summary>
    public static IReadOnlyDictionary<string, string>? Read(Ask ask)
    {
        if (!MediaTypeHeaderValue.TryParse(ask.Headers.ContentType.ToString(), out var type))
            return null;
        if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return ByName(QueryHelpers.ParseQuery(ask.Body).Select(field => (field.Key, field.Value.ToString())));
        return type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary
            ? ByName(Parts(ask.Body, boundary))
            : null;
    }

    private static IEnumerable<(string Name, string Value)> Parts(string body, string boundary)
    {
        foreach (var part in body.Split("--" + boundary).Skip(1).Take(PartsMax))
        {
            var headersEnd = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headersEnd < 0)
                continue;
            var disposition = part[..headersEnd].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase));
            if (disposition is not null
                && ContentDispositionHeaderValue.TryParse(disposition["Content-Disposition:".Length..], out var named)
                && HeaderUtilities.RemoveQuotes(named.Name).Value is { } name)
                yield return (name, part[(headersEnd + 4)..].TrimEnd('\r', '\n'));
        }
    }

    private static Dictionary<string, string> ByName(IEnumerable<(string Name, string Value)> fields)
    {
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
            byName[name] = value;
        return byName;
    }
}
