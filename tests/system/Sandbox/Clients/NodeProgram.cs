using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace UsageBilling.Tests.System.Sandbox.Clients;

/// <summary>Node, npm and the packages that the scripts beside this need. A machine without them fails the test and says so.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private static string Here => Path.Combine(AppContext.BaseDirectory, "Sandbox", "Clients");

    /// <summary>Runs a script of ours; what it printed.</summary>
    public static Task<string> Script(string name, params string[] arguments) => Run("node", Here, [Path.Combine(Here, name), .. arguments]);

    /// <summary>
    /// The folder of a package, at the version of the lock file. Installed once per lock file, outside the tree: into a folder of its own that is renamed when it is
    /// whole, so that whoever finds the name finds everything.
    /// </summary>
    public static async Task<string> Package(string name)
    {
        var pinned = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Here, "package-lock.json"))))[..16];
        var folder = Path.Combine(Path.GetTempPath(), $"usagebilling-npm-{Environment.UserName}-{pinned}");
        string[] package = ["node_modules", .. name.Split('/')];
        var whole = File.Exists(Path.Combine([folder, .. package, "package.json"])) ? folder : await Install(folder);
        return Path.Combine([whole, .. package]);
    }

    /// <summary>Runs a program to its end; its standard output.</summary>
    public static async Task<string> Run(string program, string folder, params string[] arguments)
    {
        using var process = Start(program, folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_longest);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {s_longest.TotalMinutes} minutes.");
        }

        if (process.ExitCode != 0) Assert.Fail($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}{await output}");
        return await output;
    }

    private static async Task<string> Install(string folder)
    {
        var fresh = Directory.CreateTempSubdirectory("usagebilling-npm-").FullName;
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(Here, file), Path.Combine(fresh, file));
        await Run("npm", fresh, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        try
        {
            Directory.Move(fresh, folder);
            return folder;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was quicker, or somebody has emptied the folder in part: ours is as good
            return fresh;
        }
    }

    private static Process Start(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"{program} cannot be started: this test drives the sandbox with a client from npm and needs Node 20 or later with npm (https://nodejs.org, or apt-get install nodejs npm).", missing);
        }
    }
}
