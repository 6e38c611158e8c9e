using UsageBilling.Sandbox;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>A PSA that a run writes to.</summary>
/// <param name="Kind">What the hub calls it.</param>
/// <param name="Vendor">What the sandbox calls it.</param>
/// <param name="Code">The integration code, or the company.</param>
/// <param name="Changes">A part of the path of every change of a contract's units, with the contract's id left open.</param>
/// <param name="Opens">The status of new tickets.</param>
/// <param name="Closes">The status of tickets whose alert is over.</param>
internal sealed record PretendPsa(string Kind, string Vendor, string User, string Code, string Changes, string Opens, string Closes)
{
    public const string Autotask = "autotask";

    private const string LinesAdded = "recurringservices/{0}/services";

    public static IReadOnlyList<PretendPsa> All { get; } =
    [
        new(Autotask, "autotask", Demo.AutotaskUser, Demo.IntegrationCode, "Contracts/{0}/ServiceAdjustments", "New", "Complete"),
        new("bms", "bms-us", Demo.BmsUser, "Demo MSP", LinesAdded, "New", "Completed"),
        new("vorex", "vorex", Demo.BmsUser, "Demo MSP Vorex", LinesAdded, "New", "Completed"),
    ];

    /// <summary>Whether it allows so many calls of everything together, and says how many of them are used, or so many of each endpoint.</summary>
    public bool CountsAllTogether => Kind == Autotask;

    /// <summary>Whether more units are a further line there, and fewer a ticket.</summary>
    public bool AddsLines => Kind != Autotask;

    public static IReadOnlyList<PretendPsa> Named(string? kind)
    {
        if (kind is null) return All;
        return All.FirstOrDefault(psa => psa.Kind == kind) is { } one ? [one] : throw new BenchException($"--psa wants one of: {string.Join(", ", All.Select(psa => psa.Kind))}.");
    }
}
