using Npgsql;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Feeds;
using UsageBilling.Interfaces.Feeds;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Feeds;

/// <summary>What became of a snapshot, row by row. Asked again with the same key it is the same.</summary>
/// <param name="Id">Null when it was a dry run: nothing is stored then.</param>
/// <param name="AsOf">The night that its counts are for.</param>
/// <param name="Complete">Whether what it does not name is missing; never when a row of it was refused.</param>
internal sealed record SnapshotAnswer(long? Id, long FeedId, DateOnly AsOf, bool Complete, bool DryRun, int Accepted, int Refused, IReadOnlyList<SnapshotRow> Rows);

/// <summary>What became of one row.</summary>
/// <param name="Row">Its place, from 1; the header of a CSV does not count.</param>
/// <param name="Quantity">Null when it is no number.</param>
/// <param name="Result"><c>accepted</c>, or why not.</param>
/// <param name="Field">The field that is wrong.</param>
/// <param name="Message">One sentence about it.</param>
internal sealed record SnapshotRow(int Row, string? ExternalId, string? Metric, string? Quantity, string Result, string? Field, string? Message)
{
    private const string Accepted = "accepted";

    /// <summary>As it is answered and kept. What was refused may be anything: only its beginning is kept, and nothing that a database cannot hold.</summary>
    public static SnapshotRow Of(CheckedRow row) => new(
        row.Row.Number, Kept(row.Row.ExternalId), Kept(row.Row.Metric), row.Accepted ? Words.Number(row.Row.Quantity!.Value) : null, row.Code ?? Accepted, row.Field, row.Sentence);

    public static SnapshotRow FromRow(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.Text(1), row.Text(2), row.IsDBNull(3) ? null : Words.Number(row.GetDecimal(3)), row.Text(4) ?? Accepted, row.Text(5), row.Text(6));

    private static string? Kept(string? text)
    {
        if (text is null || (text.Length <= SnapshotCheck.TextMax && !text.Any(char.IsControl))) return text;
        var cut = text.Length > SnapshotCheck.TextMax ? text[..(SnapshotCheck.TextMax - (char.IsHighSurrogate(text[SnapshotCheck.TextMax - 1]) ? 1 : 0))] : text;
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
