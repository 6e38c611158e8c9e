using System.Globalization;

namespace UsageBilling.Benchmarks;

/// <summary>What was asked for cannot be done; the message says why, in a sentence for whoever typed it.</summary>
internal sealed class BenchException(string message) : Exception(message);

/// <summary>The words after the command: names with values, and names alone.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> given = [];

    /// <param name="known">Each name, and whether a value follows it.</param>
    public static Arguments Read(IReadOnlyList<string> words, IReadOnlyDictionary<string, bool> known)
    {
        var read = new Arguments();
        for (var i = 0; i < words.Count; i++)
        {
            if (!known.TryGetValue(words[i], out var valued)) throw new BenchException($"'{words[i]}' is not understood. Known here: {string.Join(" ", known.Keys)}");
            if (valued && i + 1 == words.Count) throw new BenchException($"{words[i]} wants a value.");
            read.given[words[i]] = valued ? words[++i] : "";
        }

        return read;
    }

    public bool Has(string name) => given.ContainsKey(name);

    public string? Text(string name) => given.GetValueOrDefault(name);

    public int Number(string name, int otherwise, int least, int most) => (int)Decimal(name, otherwise, least, most);

    public decimal Decimal(string name, decimal otherwise, decimal least, decimal most)
    {
        if (!given.TryGetValue(name, out var text)) return otherwise;
        if (!decimal.TryParse(text.Replace("_", "", StringComparison.Ordinal).TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            throw new BenchException($"{name} wants a number from {least} to {most}, not '{text}'.");
        return number;
    }
}
