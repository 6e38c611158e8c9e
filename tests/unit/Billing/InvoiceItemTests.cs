using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Billing;

public sealed class InvoiceItemTests
{
    private static readonly DateRange November = new(new(2026, 11, 1), new(2026, 12, 1));

    [Theory]
    [InlineData("charge", 1, 30, 25, "Backup")]
    [InlineData("charge", 21, 30, 25, "Backup (10 of 30 days)")]
    [InlineData("adjustment", 21, 30, 3, "Backup: 3 more (10 of 30 days)")]
    [InlineData("adjustment", 30, 30, -1, "Backup: 1 fewer (1 of 30 days)")]
    [InlineData("adjustment", 1, 30, 0, "Backup: adjustment")]
    [InlineData("reversal", 21, 30, -3, "Backup: reversal (10 of 30 days)")]
    [InlineData("again", 1, 30, 3, "Backup: billed again")]
    public void An_entry_is_said_in_words(string kind, int from, int through, int units, string words) =>
        Assert.Equal(words, new InvoiceItem("Backup", kind, November, new(new(2026, 11, from), new DateOnly(2026, 11, through).AddDays(1)), units).Words());

    [Fact]
    public void Parts_of_units_are_said_without_idle_zeros() =>
        Assert.Equal("Backup: 2.5 fewer", new InvoiceItem("Backup", "adjustment", November, November, -2.500m).Words());

    [Fact]
    public void A_kind_that_no_ledger_has_is_a_mistake_of_ours() =>
        Assert.Throws<InvalidOperationException>(() => new InvoiceItem("Backup", "gift", November, November, 1).Words());

    [Fact]
    public void Days_are_written_with_both_ends()
    {
        Assert.Equal("1 Nov 2026 to 30 Nov 2026", InvoiceItem.Span(November));
        Assert.Equal("30 Nov 2026", InvoiceItem.Span(new(new(2026, 11, 30), new(2026, 12, 1))));
    }
}
