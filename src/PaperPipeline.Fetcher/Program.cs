using PaperPipeline.ServiceDefaults;

return await WorkerHost.RunAsync("fetcher");
