using System.Text.Encodings.Web;
using System.Text.Json;

namespace UsageBilling.Silo.Commands.Prorate;

/// <summary><c>usagebilling prorate FILE</c>: computes a file of cases and says which come out as they should; what <c>./prorate</c> starts.</summary>
internal sealed class ProrateFile(string path) : ICommand
{
    public const string Usage = "usagebilling prorate FILE";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static (ICommand? Command, string? Objection) Read(IEnumerable<string> arguments) => arguments.ToList() switch
    {
        [] => (null, $"prorate reads the file it is given, and was given none.\nUsage: {Usage}"),
        ["-"] => (null, $"prorate reads a file, not standard input: save it first.\nUsage: {Usage}"),
        [var path] when !path.StartsWith("--", StringComparison.Ordinal) => (new ProrateFile(path), null),
        var more => (null, $"prorate takes one file and no options, not '{string.Join(' ', more)}'.\nUsage: {Usage}"),
    };

    public async Task<int> Run(CancellationToken cancellation)
    {
        if (Directory.Exists(path)) return await HubDatabase.Refuse($"'{path}' is a folder; prorate reads a file.");
        if (!File.Exists(path)) return await HubDatabase.Refuse($"There is no file '{path}'.");
        if (new FileInfo(path).Length > CaseFile.BytesMax) return await HubDatabase.Refuse($"'{path}' is larger than {CaseFile.BytesMax / 1024 / 1024} MB.");
        byte[] json;
        try
        {
            json = await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await HubDatabase.Refuse($"'{path}' cannot be read: {failure.Message}");
        }

        var (file, objection) = CaseFile.Of(json);
        if (file is null) return await HubDatabase.Refuse($"'{path}' is no file of cases: {objection}");
        foreach (var result in file.Results) Console.WriteLine(result.Json.ToJsonString(Plain));
        foreach (var name in file.Unread) await Console.Error.WriteLineAsync($"Nobody reads '{name}' of '{path}'.");
        return file.Results.All(result => result.Satisfied) ? 0 : 1;
    }
}
