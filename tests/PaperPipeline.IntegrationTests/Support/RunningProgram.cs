using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PaperPipeline.IntegrationTests.Support;

/// <summary>A program that runs; it is killed at the end where it has not ended by itself.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _out;
    private readonly Task _errorEnd;

    public RunningProgram(Process process, byte[] input)
    {
        _process = process;
        _out = process.StandardOutput.ReadToEndAsync();
        _errorEnd = ReadErrorAsync();
        _ = FeedAsync(input);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Sends a signal, such as <c>INT</c>, where it has not ended.</summary>
    public async Task SignalAsync(string signal)
    {
        if (HasEnded)
            return;
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramRun> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        await _errorEnd.WaitAsync(deadline.Token);
        return new ProgramRun(_process.ExitCode, await _out.WaitAsync(deadline.Token), Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private async Task ReadErrorAsync()
    {
        var buffer = new char[1024];
        int read;
        while ((read = await _process.StandardError.ReadAsync(buffer)) > 0)
            lock (_error)
                _error.Append(buffer, 0, read);
    }

    private async Task FeedAsync(byte[] input)
    {
        try
        {
            await using var stream = _process.StandardInput.BaseStream;
            await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }
}
