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

    /// <summary>One of the words that the option takes.</summary>
    public string Word(string name, string otherwise, params string[] words)
    {
        if (!given.TryGetValue(name, out var word)) return otherwise;
        return words.Contains(word) ? word : throw new BenchException($"{name} wants {string.Join(" or ", words)}, not '{word}'.");
    }

    public int Number(string name, int otherwise, int least, int most)
    {
        var number = Decimal(name, otherwise, least, most);
        return decimal.IsInteger(number) ? (int)number : throw new BenchException($"{name} wants a whole number, not '{given[name]}'.");
    }

    public decimal Decimal(string name, decimal otherwise, decimal least, decimal most)
    {
        if (!given.TryGetValue(name, out var text)) return otherwise;
        if (!decimal.TryParse(text.Replace("_", "", StringComparison.Ordinal).TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            throw new BenchException($"{name} wants a number from {least} to {most}, not '{text}'.");
        return number;
    }
}
