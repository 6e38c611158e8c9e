namespace UsageBilling.Sandbox.Autotask.Entities;

internal enum FieldType
{
    Long,
    Integer,
    Decimal,
    Text,
    Instant,
    Flag,
}

/// <summary>One property of an entity, by its name on the wire.</summary>
/// <param name="IsFixed">Writable on create only.</param>
/// <param name="IsWriteOnly">Accepted, never shown (adjustedPrice).</param>
/// <param name="Length">Longest text; 0 when unlimited or no text.</param>
/// <param name="References">Entity the value must exist in, when that entity is here.</param>
/// <param name="PicklistParent">The picklist whose values this one's values belong to.</param>
internal sealed record FieldDescription(string Name, FieldType Type)
{
    public bool IsRequired { get; private init; }

    public bool IsReadOnly { get; private init; }

    public bool IsFixed { get; private init; }

    public bool IsWriteOnly { get; private init; }

    public bool IsPicklist { get; private init; }

    public bool IsQueryable { get; private init; } = true;

    public int Length { get; private init; }

    public string? References { get; private init; }

    public string? PicklistParent { get; private init; }

    public string DataType => Type switch
    {
        FieldType.Long => "long",
        FieldType.Integer => "integer",
        FieldType.Decimal => "decimal",
        FieldType.Instant => "datetime",
        FieldType.Flag => "boolean",
        _ => "string",
    };

    /// <summary>Reads one line of a catalogue text: <c>name type FLAG FLAG len50 ->Entity ^parent</c>.</summary>
    public static FieldDescription FromLine(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var field = new FieldDescription(words[0], TypeOf(words[1]));
        return words[2..].Aggregate(field, (described, word) => described.With(word));
    }

    private FieldDescription With(string word) => word switch
    {
        "RO" => this with { IsReadOnly = true },
        "REQ" => this with { IsRequired = true },
        "FIX" => this with { IsFixed = true },
        "PL" => this with { IsPicklist = true },
        "WO" => this with { IsWriteOnly = true },
        "NQ" => this with { IsQueryable = false },
        _ when word.StartsWith("len", StringComparison.Ordinal) => this with { Length = int.Parse(word[3..]) },
        _ when word.StartsWith("->", StringComparison.Ordinal) => this with { References = word[2..] },
        _ when word.StartsWith('^') => this with { PicklistParent = word[1..] },
        _ => throw new ArgumentException($"'{word}' is not a flag of a field.", nameof(word)),
    };

    private static FieldType TypeOf(string word) => word switch
    {
        "long" => FieldType.Long,
        "int" => FieldType.Integer,
        "decimal" => FieldType.Decimal,
        "string" => FieldType.Text,
        "datetime" => FieldType.Instant,
        "boolean" => FieldType.Flag,
        _ => throw new ArgumentException($"'{word}' is not a type of a field.", nameof(word)),
    };
}
