using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>The one change Autotask knows: a whole number of units more or fewer from a day on. It cannot be asked about, repeated or taken back.</summary>
internal static class AutotaskAdjustment
{
    /// <remarks>Always with the line's own id: without a match Autotask would add a new line and bill it.</remarks>
    public static async Task<SendOutcome> Send(AutotaskCalls calls, VendorAccess access, UnitsChange change, CancellationToken cancellation)
    {
        if (decimal.Truncate(change.Delta) != change.Delta) return new SendOutcome.Refused("fractional_units", "Autotask takes whole units only.");
        if (change.Delta == 0m) return new SendOutcome.Refused("no_change", "A change of nothing is not sent.");
        if (Math.Abs(change.Delta) > int.MaxValue) return new SendOutcome.Refused("units_out_of_range", "The change is larger than Autotask can hold.");
        if (Id(change.ContractRemoteId) is not { } contract || Id(change.ServiceRemoteId) is not { } line)
            return new SendOutcome.Refused("remote_id_invalid", "The contract or the line has no id of Autotask.");
        var body = new JsonObject
        {
            ["contractID"] = contract,
            ["contractServiceID"] = line,
            ["unitChange"] = (int)change.Delta,
            ["effectiveDate"] = change.EffectiveOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        var path = string.Create(CultureInfo.InvariantCulture, $"Contracts/{contract}/ServiceAdjustments");
        return AutotaskAnswers.Outcome(await calls.Write(access, HttpMethod.Post, "ContractServiceAdjustments", path, body, cancellation), access);
    }

    public static long? Id(string remoteId) => long.TryParse(remoteId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
