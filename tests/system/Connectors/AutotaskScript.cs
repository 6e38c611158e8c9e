namespace UsageBilling.Tests.System.Connectors;

/// <summary>The part of Autotask's protocol every test needs: versions, zone, and lists by entity.</summary>
internal static class AutotaskScript
{
    public const string Root = "/autotask/ATServicesRest";

    /// <summary>Answers discovery itself, with the zone at the host that was asked, and leaves the rest to <paramref name="rest"/>.</summary>
    public static Func<Seen, Canned> Zoned(Func<Seen, Canned> rest) => seen =>
        seen.Path.EndsWith("/versioninformation", StringComparison.Ordinal) ? Canned.Json("""{"apiVersions":["V1.0"]}""")
        : seen.Path.EndsWith("/zoneInformation", StringComparison.Ordinal) ? Canned.Json(Zone($"http://{seen.Headers["Host"]}{Root}/"))
        : rest(seen);

    public static string Zone(string url) => $$"""{"zoneName":"Sandbox","url":"{{url}}","webUrl":"http://127.0.0.1/","ci":910001}""";

    /// <summary>One page, the last.</summary>
    public static Canned List(params string[] rows) => Page(null, rows);

    public static Canned Page(string? nextPageUrl, params string[] rows)
    {
        var next = nextPageUrl is null ? "null" : $"\"{nextPageUrl}\"";
        return Canned.Json($$"""{"items":[{{string.Join(',', rows)}}],"pageDetails":{"count":{{rows.Length}},"requestCount":500,"prevPageUrl":null,"nextPageUrl":{{next}} } }""");
    }

    public static string Company(long id, string name, string active = "true") => $$"""{"id":{{id}},"companyName":"{{name}}","isActive":{{active}}}""";

    /// <summary>The entity a request is about: <c>Companies</c>, <c>Companies/count</c>, <c>Companies/next</c>.</summary>
    public static string Entity(Seen seen)
        => seen.Path.Replace($"{Root}/V1.0/", "", StringComparison.Ordinal).Replace("/query", "", StringComparison.Ordinal);
}
