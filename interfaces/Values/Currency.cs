using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace UsageBilling.Interfaces.Values;

/// <summary>A currency of ISO 4217 and how many decimals its smallest coin has.</summary>
/// <remarks>Instances come only from the table below, so a currency that exists is a known one.</remarks>
public sealed record Currency
{
    /// <summary>The most decimals any currency of the table has.</summary>
    public const int MinorUnitsMax = 3;

    private const string WithoutDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

    private const string WithTwoDecimals =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK " +
        "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT " +
        "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN " +
        "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS " +
        "VED VES WST XCD XCG YER ZAR ZMW ZWG";

    private const string WithThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, Currency> Known =
        Table(WithoutDecimals, 0).Concat(Table(WithTwoDecimals, 2)).Concat(Table(WithThreeDecimals, 3))
            .ToFrozenDictionary(currency => currency.Code, StringComparer.Ordinal);

    private Currency(string code, int minorUnits)
    {
        Code = code;
        MinorUnits = minorUnits;
    }

    /// <summary>Three capital letters, for example <c>KWD</c>.</summary>
    public string Code { get; }

    /// <summary>Decimals an amount has: 0 for JPY, 2 for USD, 3 for KWD.</summary>
    public int MinorUnits { get; }

    /// <summary>The currency with this code.</summary>
    /// <exception cref="ArgumentException">No such currency. For codes read from outside use <see cref="TryParse"/>.</exception>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new ArgumentException($"'{code}' is not a currency of ISO 4217.", nameof(code));

    /// <summary>Reads a code as ISO 4217 writes it: three capital letters. Anything else is false.</summary>
    public static bool TryParse(string? code, [NotNullWhen(true)] out Currency? currency)
    {
        currency = null;
        return code is not null && Known.TryGetValue(code, out currency);
    }

    /// <summary>The code.</summary>
    public override string ToString() => Code;

    private static IEnumerable<Currency> Table(string codes, int minorUnits) => codes.Split(' ').Select(code => new Currency(code, minorUnits));
}
