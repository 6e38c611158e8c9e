using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Dated mappings in their tables: the spans of a version are written whole, those of the version before are retired.</summary>
internal static class MappingSpans
{
    public sealed record Rewrite(long Owner, long Msp, int Version, Sequence<MappingSpan> Spans);

    public static (long Owner, MappingSpan Span) FromRow(NpgsqlDataReader row) =>
        (row.GetInt64(0), new(row.IsDBNull(2) ? null : row.GetInt64(2), row.Date(3), row.MaybeDate(4)));

    public static void Save(NpgsqlBatch batch, string owner, IReadOnlyList<Rewrite> rewrites)
    {
        if (rewrites.Count == 0) return;
        batch.Add($"Tables/{owner}_mappings_retire").Column(rewrites, rewrite => rewrite.Owner).Column(rewrites, rewrite => rewrite.Version);
        var rows = rewrites.SelectMany(rewrite => rewrite.Spans, (rewrite, span) => (Owner: rewrite, Span: span)).ToList();
        batch.Add($"Tables/{owner}_mappings_add")
            .Column(rows, row => row.Owner.Owner)
            .Column(rows, row => row.Owner.Version)
            .Column(rows, row => row.Span.From)
            .Column(rows, row => row.Owner.Msp)
            .Column(rows, row => row.Span.Target)
            .Column(rows, row => row.Span.Until);
    }
}
