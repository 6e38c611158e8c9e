using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>One kind of fault of the pretended vendors, met by chance.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Kind">What the sandbox calls it.</param>
/// <param name="UnitsOnly">Whether only a PSA whose units are changed can meet it.</param>
internal sealed record Mishap(string Name, string Kind, bool UnitsOnly = false)
{
    private const int TimesMax = 1_000_000;

    /// <summary>A wait that the vendor asks for, of the vendor's seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>What the sandbox is asked for.</summary>
    public JsonObject ToJson(double chance, int seed)
    {
        var fault = new JsonObject { ["kind"] = Kind, ["chance"] = chance, ["seed"] = seed, ["times"] = TimesMax };
        if (RetryAfterSeconds is { } seconds) fault["retry_after_seconds"] = seconds;
        return fault;
    }
}

/// <summary>What goes wrong in one run: one mishap often, or all of them now and then.</summary>
/// <param name="Percent">The chance of each, at every request that it suits.</param>
internal sealed record Scenario(string Name, IReadOnlyList<Mishap> Mishaps, double Percent)
{
    /// <summary>Somebody else's hand is no request's fate: it meets this share of the lines, once each.</summary>
    public const string ForeignEdit = "foreign_edit";

    private const string Mixed = "mixed";
    private const double MixedShare = 0.1;
    private const int AskedToWaitSeconds = 60;

    private static readonly IReadOnlyList<Mishap> Everything =
    [
        new("401", "unauthorized"), new("403", "forbidden"), new("429", "rate_limited"), new("429 with Retry-After", "rate_limited") { RetryAfterSeconds = AskedToWaitSeconds },
        new("500", "server_error"), new("500 after applying", "server_error_after_apply"), new("timeout before applying", "timeout_before"), new("timeout after applying", "timeout_after"),
        new("cut after applying", "reset_after"), new("truncated page", "truncated_page"), new("repeated page", "repeated_page"), new("looping next link", "looping_next"),
        new("200 carrying an error", "ok_with_error"), new("stale reads", "stale_reads"), new("empty list", "empty_list"), new("halved counts", "halved_counts", UnitsOnly: true),
        new("foreign edit", ForeignEdit, UnitsOnly: true),
    ];

    /// <summary>All of them at a tenth of the chance, and each alone at the whole.</summary>
    public static IReadOnlyList<Scenario> All(double percent) =>
        [new(Mixed, Everything, percent * MixedShare), .. Everything.Select(mishap => new Scenario(mishap.Name, [mishap], percent))];

    public static IReadOnlyList<Scenario> Named(string? name, double percent)
    {
        var all = All(percent);
        if (name is null) return all;
        var chosen = all.Where(scenario => scenario.Name == name || (scenario.Mishaps is [var only] && only.Kind == name)).ToList();
        return chosen.Count > 0 ? chosen : throw new BenchException($"--fault wants one of: {string.Join(", ", all.Select(scenario => scenario.Name))}.");
    }

    public double Chance => Percent / 100;

    public string Said => string.Create(CultureInfo.InvariantCulture, $"{Name}, {Percent:0.##} %");
}
