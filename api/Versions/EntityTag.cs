using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace UsageBilling.Api.Versions;

/// <summary>The name of a representation: a hash of its JSON, so that two are called the same only if every byte of them is.</summary>
internal static class EntityTag
{
    private const int BytesOfHash = 16;

    /// <summary>A resource as the api writes it.</summary>
    public static byte[] Json(object resource, HttpContext context) =>
        JsonSerializer.SerializeToUtf8Bytes(resource, resource.GetType(), context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);

    /// <summary>As it stands in <c>ETag</c>.</summary>
    public static string Of(byte[] json) => $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, BytesOfHash))}\"";

    /// <summary>Whether a header names the tag, or anything. What is no list of tags names none.</summary>
    /// <param name="strongly">Whether a weak tag is no name, as where something is to be changed.</param>
    public static bool IsNamed(StringValues header, string tag, bool strongly)
    {
        var known = new EntityTagHeaderValue(tag);
        return EntityTagHeaderValue.TryParseList(header, out var named) && named.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(known, strongly));
    }
}
