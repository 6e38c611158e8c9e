using UsageBilling.Silo.Hygiene;
using UsageBilling.Tests.System.Commands;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>Settings that will not do are one sentence each, and the silo does not start.</summary>
public sealed class HygieneSettingsTests
{
    [Theory]
    [InlineData("ReadingRetentionMonths", "7", "UsageBilling__ReadingRetentionMonths takes a number of months from 8 to 1200, not '7'.")]
    [InlineData("ReadingRetentionMonths", "ever", "UsageBilling__ReadingRetentionMonths takes a number of months from 8 to 1200, not 'ever'.")]
    [InlineData("IntentRetentionMonths", "1201", "UsageBilling__IntentRetentionMonths takes a number of months from 8 to 1200, not '1201'.")]
    [InlineData("NightRetentionMonths", "", "UsageBilling__NightRetentionMonths takes a number of months from 8 to 1200, not ''.")]
    [InlineData("RunRetentionDays", "-1", "UsageBilling__RunRetentionDays takes a number of days from 7 to 36500, not '-1'.")]
    [InlineData("QuietAt", "25:00", "UsageBilling__QuietAt takes a time of day in UTC as HH:mm, not '25:00'.")]
    [InlineData("WatchLimits", "due=60,holes=3", "UsageBilling__WatchLimits takes name=number with commas between, of the names due, read, parked, in_doubt, intents_parked, intents_rejected, intent, holds, notices_parked, deliveries_parked, tickets_parked, integrations_parked, unread, transaction, xmin, idle, dead; 'holes=3' is not that.")]
    public void A_bad_setting_is_one_clear_sentence(string name, string value, string sentence) =>
        Assert.Equal(sentence, HygieneSettings.Read(asked => asked == name ? value : null).Objection);

    [Fact]
    public void Settings_change_what_they_name_and_nothing_else()
    {
        var (options, objection) = HygieneSettings.Read(name => name switch
        {
            "ReadingRetentionMonths" => "8", "NoticeRetentionMonths" => "9", "RunRetentionDays" => "7", "QuietAt" => "22:30", "WatchLimits" => "due=300, holds=5", _ => null,
        });

        Assert.Null(objection);
        Assert.Equal((8, 26, 26, 7), (options.Retention.ReadingMonths, options.Retention.IntentMonths, options.Retention.NightMonths, options.Retention.RunDays));
        Assert.Equal(9, options.Retention.NoticeMonths);
        Assert.Equal(new TimeOnly(22, 30), options.QuietAt);
        Assert.Equal([("due", 300d), ("holds", 5d)], options.Limits.Select(limit => (limit.Key, limit.Value)));
    }

    [Fact]
    public async Task A_silo_with_bad_settings_says_all_of_them_and_does_not_start()
    {
        using var silo = SiloProgram.Start(
            new Dictionary<string, string> { ["UsageBilling__RunRetentionDays"] = "0", ["UsageBilling__QuietAt"] = "noon" }, "silo", "--connection", "Host=127.0.0.1;Port=1");
        silo.StandardInput.Close();
        var said = await silo.StandardError.ReadToEndAsync().WaitAsync(SiloProgram.Longest);
        await silo.WaitForExitAsync().WaitAsync(SiloProgram.Longest);

        Assert.Equal(2, silo.ExitCode);
        Assert.Equal(2, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
