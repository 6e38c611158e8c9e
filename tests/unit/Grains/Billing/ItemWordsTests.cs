using UsageBilling.Grains.Billing;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains.Billing;

public sealed class ItemWordsTests
{
    [Theory]
    [InlineData("adjustment", "2026-06-01", "2026-07-01", "2026-06-10", "2026-07-01", 1, "+1 × Licence, 10 Jun – 30 Jun, 21 of 30 days")]
    [InlineData("adjustment", "2026-06-01", "2026-07-01", "2026-06-10", "2026-07-01", -2.5, "−2.5 × Licence, 10 Jun – 30 Jun, 21 of 30 days")]
    [InlineData("adjustment", "2026-06-01", "2026-07-01", "2026-06-10", "2026-06-11", 1, "+1 × Licence, 10 Jun 2026, 1 of 30 days")]
    [InlineData("charge", "2026-06-01", "2026-07-01", "2026-06-01", "2026-07-01", 12, "12 × Licence, 1 Jun – 30 Jun")]
    [InlineData("charge", "2026-12-16", "2027-01-16", "2026-12-16", "2027-01-16", 12, "12 × Licence, 16 Dec 2026 – 15 Jan 2027")]
    [InlineData("charge", "2026-06-01", "2026-07-01", "2026-06-20", "2026-07-01", 3, "3 × Licence, 20 Jun – 30 Jun, 11 of 30 days")]
    [InlineData("reversal", "2026-06-01", "2026-07-01", "2026-06-01", "2026-07-01", -12, "−12 × Licence, 1 Jun – 30 Jun, reversed")]
    [InlineData("again", "2026-06-01", "2026-07-01", "2026-06-01", "2026-07-01", 12, "+12 × Licence, 1 Jun – 30 Jun, again after it was reversed")]
    public void An_item_says_what_is_billed_for_which_days(string kind, string periodFrom, string periodUntil, string from, string until, double units, string text) => Assert.Equal(
        text, ItemWords.Of(new(kind, "Licence", new(DateOnly.Parse(periodFrom), DateOnly.Parse(periodUntil)), new(DateOnly.Parse(from), DateOnly.Parse(until)), (decimal)units, new(3.5m), Currency.Of("USD"))));

    [Theory]
    [InlineData("charge", 1, "commitment", "Licence, shortfall of the commitment of 300 USD, 1 Jun – 30 Jun")]
    [InlineData("reversal", -1, "commitment", "Licence, shortfall of the commitment of 300 USD, 1 Jun – 30 Jun, reversed")]
    [InlineData("charge", 1, "flat_fee", "1 × Licence, flat fee of 300 USD, 1 Jun – 30 Jun")]
    [InlineData("adjustment", -1, "flat_fee", "−1 × Licence, flat fee of 300 USD, 1 Jun – 30 Jun")]
    [InlineData("charge", 1.5, "average", "1.5 × Licence, 1 Jun – 30 Jun")]
    public void What_is_charged_once_says_what_for(string kind, double units, string chargedFor, string text)
    {
        var june = new DateRange(new(2026, 6, 1), new(2026, 7, 1));
        Assert.Equal(text, ItemWords.Of(new(kind, "Licence", june, june, (decimal)units, new(300m), Currency.Of("USD"), chargedFor)));
    }

    [Fact]
    public void Every_reason_has_a_sentence()
    {
        Assert.All(BlockReason.All, code => Assert.EndsWith(".", ItemWords.Block(code)));
        Assert.All(AttentionCode.All, code => Assert.EndsWith(".", ItemWords.Attention(code)));
    }
}
