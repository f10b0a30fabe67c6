using PaperPipeline.Cli;

NativeMemory.Trim();
return await CommandLine.RunAsync(args);
