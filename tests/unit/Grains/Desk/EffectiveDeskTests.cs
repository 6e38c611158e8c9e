using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.Unit.Grains.Desk;

/// <summary>Which settings hold for an organization, and where each comes from.</summary>
public sealed class EffectiveDeskTests
{
    private static readonly IReadOnlyList<DeskField> Bms = DeskField.Of(IntegrationKind.Of("bms")!);

    private static readonly DeskPlaces Places = new(
        new Dictionary<string, string> { ["10"] = "1", ["11"] = "1", ["20"] = "2", ["30"] = "3" },
        new Dictionary<string, string> { ["1"] = "10", ["2"] = "20" });

    [Theory]
    //          default              override                      mapped  account        location         queue
    [InlineData("", "", null, "none", "none", "none")]
    [InlineData("account=1 queue=5", "", null, "1 default", "10 account", "5 default")]
    [InlineData("account=1 location=11", "", null, "1 default", "11 default", "none")]
    [InlineData("account=1 location=11 queue=5", "", "2", "2 mapping", "20 account", "5 default")]
    [InlineData("account=1 location=11 queue=5", "queue=6", "2", "2 mapping", "20 account", "6 override")]
    [InlineData("account=1 location=11 queue=5", "queue=", "2", "2 mapping", "20 account", "- override")]
    [InlineData("account=1 location=11", "account=3", "2", "3 override", "none", "none")]
    [InlineData("account=1 location=11", "account=3 location=30", "2", "3 override", "30 override", "none")]
    [InlineData("account=1", "location=11", null, "1 default", "11 override", "none")]
    [InlineData("account=1", "location=11", "2", "2 mapping", "20 account", "none")]
    [InlineData("account=1", "location=", "2", "2 mapping", "- override", "none")]
    [InlineData("account=1", "account=", "2", "2 mapping", "20 account", "none")]
    [InlineData("account=1", "account=", null, "- override", "none", "none")]
    [InlineData("location=11", "", null, "none", "none", "none")]
    public void Each_field_stands_for_itself_and_a_place_belongs_to_its_account(string defaults, string overrides, string? mapped, string account, string location, string queue)
    {
        var effective = EffectiveDesk.Of(new(Bms, Choices(defaults), Choices(overrides), mapped, Places)).ToDictionary(setting => setting.Field);

        Assert.Equal((account, location, queue), (Said(effective[DeskField.Account]), Said(effective[DeskField.Location]), Said(effective[DeskField.Queue])));
        Assert.Equal(Bms.Count, effective.Count);
    }

    [Fact]
    public void A_severity_that_makes_no_ticket_can_make_one_for_a_single_organization()
    {
        var defaults = new Dictionary<string, DeskChoice> { ["priority_low"] = DeskChoice.NotSynced, ["priority_high"] = new("1") };
        var overrides = new Dictionary<string, DeskChoice> { ["priority_low"] = new("4") };

        var low = EffectiveDesk.Of(new(Bms, defaults, overrides, null, DeskPlaces.None)).Single(setting => setting.Field == DeskField.Priority(AlertSeverity.Low));
        var common = EffectiveDesk.WithoutOverrides(new(Bms, defaults, overrides, null, DeskPlaces.None)).Single(setting => setting.Field == DeskField.Priority(AlertSeverity.Low));

        Assert.Equal(new EffectiveSetting(DeskField.Priority(AlertSeverity.Low), new("4"), SettingSource.Override), low);
        Assert.Equal(new EffectiveSetting(DeskField.Priority(AlertSeverity.Low), DeskChoice.NotSynced, SettingSource.Default), common);
    }

    [Theory]
    [InlineData("bms", 13)]
    [InlineData("vorex", 13)]
    [InlineData("autotask", 9)]
    [InlineData("uniview", 0)]
    public void Each_kind_of_psa_has_its_own_settings_and_a_product_none(string kind, int fields) => Assert.Equal(fields, DeskField.Of(IntegrationKind.Of(kind)!).Count);

    [Theory]
    [InlineData("queue=5", "queue='5'", "")]
    [InlineData("queue=9", "", "queue")]
    [InlineData("queue=do_not_sync", "", "queue")]
    [InlineData("priority_low=do_not_sync", "priority_low=do_not_sync", "")]
    [InlineData("queue=", "queue=left", "")]
    [InlineData("colour=5 queue=9", "", "colour queue")]
    [InlineData("location=11", "location='11'", "")]
    [InlineData("location=20", "", "location")]
    [InlineData("location=12", "", "location")]
    public void Only_what_the_psa_offers_is_set(string wanted, string choices, string objections)
    {
        var known = new HashSet<(string, string)> { ("queue", "5"), ("location", "11"), ("location", "20") };

        var verdict = DeskCheck.Of(Bms, Words(wanted).ToDictionary(word => word.Field, word => (string?)(word.Value.Length == 0 ? null : word.Value)), known, "1", Places);

        Assert.Equal(objections, string.Join(' ', verdict.Objections.Select(objection => objection.Field)));
        if (objections.Length == 0)
            Assert.Equal(choices, string.Join(' ', verdict.Choices.Select(choice => $"{choice.Key}={(!choice.Value.Synced ? "do_not_sync" : choice.Value.Value is { } value ? $"'{value}'" : "left")}")));
    }

    [Fact]
    public void A_place_needs_an_account() => Assert.Equal(
        "location", Assert.Single(DeskCheck.Of(Bms, new Dictionary<string, string?> { ["location"] = "11" }, new HashSet<(string, string)> { ("location", "11") }, null, Places).Objections).Field);

    private static string Said(EffectiveSetting setting) => setting.From == SettingSource.None ? "none" : $"{setting.Choice.Value ?? "-"} {Lower(setting.From)}";

#pragma warning disable CA1308 // as the tables above spell it
    private static string Lower(SettingSource from) => from.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static Dictionary<string, DeskChoice> Choices(string text) => Words(text).ToDictionary(word => word.Field, word => new DeskChoice(word.Value.Length == 0 ? null : word.Value));

    private static IEnumerable<(string Field, string Value)> Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]));
}
