/** What a report can be written as. */
export const REPORT_FORMATS = ["html", "md", "svg", "png", "json"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
