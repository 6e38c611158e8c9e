using System.Text.RegularExpressions;

namespace UsageBilling.Grains.Notices;

/// <summary>Who may be written to.</summary>
public static partial class NoticeAddress
{
    /// <summary>Addresses of one contract at most.</summary>
    public const int AddressesMax = 20;

    /// <summary>Characters of an address at most, of RFC 5321.</summary>
    public const int LettersMax = 254;

    /// <summary>Whether a text is one bare address, for example <c>billing@customer.example</c>, and nothing that a mail program would read as two or as a header.</summary>
    public static bool IsValid(string? address) => address is { Length: <= LettersMax } && Bare().IsMatch(address);

    // The end is \z: $ would let a line break through, which begins a header of the sender's choice
    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*(?<=\A.{1,64})@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
