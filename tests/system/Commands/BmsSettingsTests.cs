using UsageBilling.Silo.Commands;

namespace UsageBilling.Tests.System.Commands;

public sealed class BmsSettingsTests
{
    [Fact]
    public void What_is_not_set_is_as_the_connectors_have_it()
    {
        var (connectors, objection) = BmsSettings.Read(_ => null);

        Assert.Equal((null, 80, "TicketTypes", "TicketSources", 0), (objection, connectors.BmsSharePercent, connectors.BmsTicketTypes, connectors.BmsTicketSources, connectors.BmsNoteType));
    }

    [Fact]
    public void What_is_set_is_taken()
    {
        var (connectors, objection) = BmsSettings.Read(name => name switch { "BmsSharePercent" => "50", "BmsTicketTypes" => " Kinds ", "BmsTicketSources" => "Origins", "BmsNoteType" => "4", _ => null });

        Assert.Equal((null, 50, "Kinds", "Origins", 4), (objection, connectors.BmsSharePercent, connectors.BmsTicketTypes, connectors.BmsTicketSources, connectors.BmsNoteType));
    }

    [Theory]
    [InlineData("BmsSharePercent", "0", "UsageBilling__BmsSharePercent is a whole number from 1 to 90, not '0'.")]
    [InlineData("BmsSharePercent", "half", "UsageBilling__BmsSharePercent is a whole number from 1 to 90, not 'half'.")]
    [InlineData("BmsNoteType", "-1", "UsageBilling__BmsNoteType is a whole number from 0, not '-1'.")]
    [InlineData("BmsNoteType", "", "UsageBilling__BmsNoteType is a whole number from 0, not ''.")]
    public void What_cannot_be_is_one_sentence(string name, string text, string objection)
        => Assert.Equal(objection, BmsSettings.Read(asked => asked == name ? text : null).Objection);
}
