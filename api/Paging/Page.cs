using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Problems;

namespace UsageBilling.Api.Paging;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The place after a row, by its key; keys have one, two or three numbers. Opaque to callers.</summary>
internal readonly record struct Cursor(long First, long Second, long Third = 0)
{
    private const int TextMax = 100;

    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{First}.{Second}.{Third}")));

    public static Cursor? Parse(string text)
    {
        if (text.Length > TextMax || !Base64Url.IsValid(text)) return null;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        return parts.Length == 3 && Number(parts[0]) is { } first && Number(parts[1]) is { } second && Number(parts[2]) is { } third ? new(first, second, third) : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>Which page of a list is wanted.</summary>
internal sealed record PageQuery([FromQuery(Name = "limit")] int? Limit, [FromQuery(Name = "cursor")] string? Cursor) : IChecked
{
    public const int LimitMax = 200;
    public const int LimitDefault = 50;

    /// <summary>One row more than the page: its presence says that there is a next page.</summary>
    public int Rows => Size + 1;

    private int Size => Limit ?? LimitDefault;

    public IEnumerable<FieldError> Check()
    {
        if (Limit is < 1 or > LimitMax) yield return new("limit", $"Must be 1 to {LimitMax}.");
        if (Cursor is { } cursor && Paging.Cursor.Parse(cursor) is null) yield return new("cursor", "Is not a cursor of this list.");
    }

    /// <summary>Where the page begins; without a cursor at the given key.</summary>
    public Cursor From(long first, long second = 0) => Cursor is { } cursor ? Paging.Cursor.Parse(cursor)!.Value : new(first, second);

    /// <summary>The page of the rows that were found.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> rows, Func<T, Cursor> key) =>
        rows.Count > Size ? new([.. rows.Take(Size)], key(rows[Size - 1]).ToString()) : new(rows, null);
}
