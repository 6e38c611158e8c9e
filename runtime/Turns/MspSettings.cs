using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Turns;

/// <summary>What an msp has set, as a turn needs it.</summary>
/// <param name="Wished">Events that somebody wants to hear of.</param>
internal sealed record MspSettings(NightCalendar Calendar, HoldLimits Limits, Sequence<DatedSettings> Proration, IReadOnlyList<string> Wished)
{
    private const int DatedFrom = 9;

    public static void Ask(NpgsqlBatch batch) => batch.Add("Turns/msp_settings");

    public static async Task<(DateTimeOffset At, Dictionary<long, MspSettings> Msps)> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var at = DateTimeOffset.MinValue;
        var msps = new Dictionary<long, MspSettings>();
        while (await reader.ReadAsync(cancellation))
        {
            at = reader.GetFieldValue<DateTimeOffset>(0);
            var id = reader.GetInt64(1);
            var settings = msps.TryGetValue(id, out var known) ? known : FromRow(reader);
            msps[id] = reader.IsDBNull(DatedFrom) ? settings : settings with { Proration = settings.Proration.With(ProrationColumns.Dated(reader, DatedFrom)) };
        }

        return (at, msps);
    }

    private static MspSettings FromRow(NpgsqlDataReader row) => new(
        NightCalendar.Of(row.GetString(2), row.GetFieldValue<TimeOnly>(3)),
        new(row.GetDecimal(4), row.GetDecimal(5), row.GetDecimal(6), row.GetInt32(7)),
        [],
        row.IsDBNull(8) ? [] : row.GetFieldValue<string[]>(8));

    public Turn TurnAt(DateTimeOffset at, string actor) => new(at, Calendar.NightAt(at), Limits, actor) { Proration = Proration };
}
