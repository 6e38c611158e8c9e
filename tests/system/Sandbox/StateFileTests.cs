using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class StateFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sandbox-state-");

    private string StateFile => Path.Combine(folder.FullName, "state.json");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_restart_keeps_units_domains_and_the_journal()
    {
        var options = new SandboxOptions { State = StateFile };
        await using (var first = await TestSandbox.Start(options))
        {
            await first.Adjust(29684001, 8001, 4, "2026-09-16");
            await first.Call("POST", "/_sandbox/uniview/domains/d-301", """{"numberOfProtectedStandardUsers":77}""");
        }

        await using var second = await TestSandbox.Start(options);
        Assert.Equal(["2026-09-16..2026-09-30 29 units 101.5"], await second.Units(8001, "2026-09-16", "2026-09-30"));
        Assert.Equal(77, (await second.UniView("v2/spanning/domains")).Json[0]!["numberOfProtectedStandardUsers"]!.GetValue<int>());
        (await second.Adjust(29684001, 8001, 4, "2026-09-16")).IsErrors(500, "Attempt to insert duplicate data into contract_service_period");
        await second.Adjust(29684001, 8001, -1, "2026-09-20");
        Assert.Equal(["1 line 8001 2026-09-16 4 25->29", "2 line 8001 2026-09-20 -1 29->28"], await second.AdjustmentsJournalled());
        Assert.Equal(["state.json"], folder.EnumerateFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task A_sandbox_without_a_state_file_starts_from_the_seed()
    {
        await using (var first = await TestSandbox.Start())
            await first.Adjust(29684001, 8001, 4, "2026-09-16");
        await using var second = await TestSandbox.Start();
        Assert.Equal(["2026-09-01..2026-09-30 25 units 87.5"], await second.Units(8001, "2026-09-16", "2026-09-30"));
    }

    [Fact]
    public async Task A_file_that_is_no_state_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(StateFile, "half a sta");
        var refused = await Assert.ThrowsAsync<SandboxCannotStartException>(() => TestSandbox.Start(new SandboxOptions { State = StateFile }));
        Assert.Equal($"The state file {StateFile} is not a JSON object; remove it to start from the seed.", refused.Message);
        Assert.Equal("half a sta", await File.ReadAllTextAsync(StateFile));
    }

    [Fact]
    public async Task A_seed_of_ones_own_is_used_and_a_bad_one_is_told()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "uniview.json"), """{"customers":[],"domains":[{"id":"d-1"}]}""");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "autotask.json"), """{"companies":[{"id":0,"companyName":"Mine","phone":"1"}]}""");
        var options = new SandboxOptions { Seed = folder.FullName };
        await using (var sandbox = await TestSandbox.Start(options))
            Assert.Equal("0", (await sandbox.Query("Companies", """{"op":"gte","field":"id","value":0}""")).Ids);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "autotask.json"), """{"companies":[{"id":0,"colour":"red"}]}""");
        var refused = await Assert.ThrowsAsync<SandboxCannotStartException>(() => TestSandbox.Start(options));
        Assert.Equal("The seed file autotask.json cannot be used: colour is not a property of Companies.", refused.Message);
    }
}
