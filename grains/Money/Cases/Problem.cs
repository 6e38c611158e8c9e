namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>What is wrong with one case, by a stable code; either one of these or a refusal of the grains.</summary>
/// <param name="Field">Where in the case, or null when no single field is to blame.</param>
public sealed record Problem(string Code, string? Field, string Sentence)
{
    /// <summary>A field that nobody reads.</summary>
    public const string FieldUnknown = "field_unknown";

    /// <summary>A field that must be there is not.</summary>
    public const string FieldMissing = "field_missing";

    /// <summary>A value of another type, or one that is not among those a field may have.</summary>
    public const string ValueInvalid = "value_invalid";

    /// <summary>Not a day of the calendar, or not written as 2026-06-30.</summary>
    public const string DateInvalid = "date_invalid";
}
