using System.Text.RegularExpressions;
using UsageBilling.Grains.Notices;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains.Notices;

/// <summary>What the addresses of a contract read, to the character.</summary>
public sealed partial class NoticeTextTests
{
    private static readonly DateOnly Night = new(2026, 11, 21);
    private static readonly Currency Dollar = Currency.Of("USD");

    [Fact]
    public void Two_lines_one_of_which_changed_on_several_dates()
    {
        var text = NoticeText.Of("Alder Dental", "Backup 2026", Night,
        [
            new("Spanning Backup", new(25), new(28), Night, Night, new(3.5m, Dollar)),
            new("Archived users", new(4.5m), new(0), Night.AddDays(-3), Night.AddDays(-1), new(-12m, Dollar)),
        ]);

        Assert.Equal("Units changed: Backup 2026 (Alder Dental), 2026-11-21", text.Subject);
        Assert.Equal(
            """
            The units of service lines have changed.

            Account   Alder Dental
            Contract  Backup 2026
            Night     2026-11-21

            Spanning Backup
                25 → 28 units from 2026-11-21
                prorations 3.50 USD

            Archived users
                4.5 → 0 units from 2026-11-20, changed since 2026-11-18
                prorations -12.00 USD

            Lines that are held for a look are not included. What changes later this night is told in the next notice.

            """.ReplaceLineEndings("\r\n"),
            text.Body);
    }

    [Fact]
    public void Names_stay_on_one_line_in_their_own_letters()
    {
        var text = NoticeText.Of("Zażółć\r\nBcc: everybody@example.com", " \t医療\u2028グループ\u202E ", Night, [new("\u0000\n", new(1), new(2), Night, Night, new(1m, Currency.Of("JPY")))]);

        Assert.Equal("Units changed: 医療 グループ (Zażółć Bcc: everybody@example.com), 2026-11-21", text.Subject);
        Assert.Contains("Account   Zażółć Bcc: everybody@example.com\r\nContract  医療 グループ\r\n", text.Body, StringComparison.Ordinal);
        Assert.Contains("\r\n(no name)\r\n    1 → 2 units from 2026-11-21\r\n    prorations 1 JPY\r\n", text.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_the_same_and_names_are_letters_in_it()
    {
        var text = NoticeText.Of("Søn & <b>Co</b>", "\"2026\" 医療", Night, [new("<script>alert('1')</script>", new(1.5m), new(2), Night.AddDays(-1), Night, new(-1.25m, Dollar))]);

        Assert.Equal(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Units changed: &quot;2026&quot; 医療 (Søn &amp; &lt;b&gt;Co&lt;/b&gt;), 2026-11-21</title></head>
            <body>
            <p>The units of service lines have changed.</p>
            <p>Account: <b>Søn &amp; &lt;b&gt;Co&lt;/b&gt;</b><br>
            Contract: <b>&quot;2026&quot; 医療</b><br>
            Night: 2026-11-21</p>
            <table>
            <tr><th>Service line</th><th>Before</th><th>After</th><th>From</th><th>Changed since</th><th>Prorations</th></tr>
            <tr><td>&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;</td>
            <td>1.5</td>
            <td>2</td>
            <td>2026-11-21</td>
            <td>2026-11-20</td>
            <td>-1.25 USD</td></tr>
            </table>
            <p>Lines that are held for a look are not included. What changes later this night is told in the next notice.</p>
            </body></html>

            """.ReplaceLineEndings("\r\n"),
            Styles().Replace(text.Page, ""));
    }

    [Fact]
    public void A_name_is_cut_and_a_long_list_is_counted()
    {
        var lines = Enumerable.Range(0, NoticeText.LinesMax + 7).Select(_ => new ChangedLine("Line", new(1), new(2), Night, Night, Money.Zero(Dollar))).ToList();
        var text = NoticeText.Of(new string('ż', 500), "Backup", Night, lines);

        Assert.Equal($"Units changed: Backup ({new string('ż', NoticeText.NameMax)}), 2026-11-21", text.Subject);
        Assert.Equal(NoticeText.LinesMax, text.Body.Split("→").Length - 1);
        Assert.Contains("\r\n\r\nAnd 7 more lines.\r\nLines that are held", text.Body, StringComparison.Ordinal);
    }

    [GeneratedRegex(" style=\"[^\"]*\"")]
    private static partial Regex Styles();

    [Theory]
    [InlineData("billing@customer.example")]
    [InlineData("first.last+units@mail.customer.co.uk")]
    [InlineData("o'brien@xn--mller-kva.example")]
    [InlineData("a@b.xn--p1ai")]
    public void An_address_is_one_bare_address(string address) => Assert.True(NoticeAddress.IsValid(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b")]
    [InlineData("a@-b.example")]
    [InlineData(".a@b.example")]
    [InlineData("a..b@c.example")]
    [InlineData("a@b.example\n")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("a@b.example,c@d.example")]
    [InlineData("a@b.example c@d.example")]
    [InlineData("Alder <a@b.example>")]
    [InlineData("\"a b\"@c.example")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("ä@b.example")]
    [InlineData("a12345678901234567890123456789012345678901234567890123456789012345@b.example")]
    public void Anything_else_is_none(string? address) => Assert.False(NoticeAddress.IsValid(address));
}
